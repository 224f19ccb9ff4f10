"""A folder on the module path of the sandbox's functions, which Python reads `sitecustomize` from (module `site`)."""
