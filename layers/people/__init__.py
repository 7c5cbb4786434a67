"""Who works here: accounts with roles, sessions of the page, keys of machines."""
