"""A scenario as load: started at its times, carried out in threads, measured."""
