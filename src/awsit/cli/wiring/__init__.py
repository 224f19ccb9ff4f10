"""The composition root: the only place where real objects are made and given to each other."""
