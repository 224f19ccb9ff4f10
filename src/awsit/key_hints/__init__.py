"""What a key of another tool, or one in the wrong place, is called in awsit."""
