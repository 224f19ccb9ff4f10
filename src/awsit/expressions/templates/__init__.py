"""`{{ }}`: what an expression may use, how it is evaluated and rendered."""
