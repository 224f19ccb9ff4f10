"""What pydantic finds wrong in a file or in rendered params, in the same sentences for both."""
