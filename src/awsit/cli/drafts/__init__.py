"""Starting points: projects, and scenarios made from what a team has already."""
