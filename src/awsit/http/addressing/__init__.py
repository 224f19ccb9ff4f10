"""Where a request is really sent: to its host, to a proxy, or to an emulated AWS."""
