"""Load: when iterations start, what is measured of them, whether that is as expected; nothing is carried out here."""
