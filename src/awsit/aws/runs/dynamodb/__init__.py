"""Tables of awsit's own: what their items hold, and the calls that read and change them."""
