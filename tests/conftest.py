"""What every test relies on."""

from hypothesis import settings

# how long an example takes says something about the machine, not about the claim
settings.register_profile("redlines", deadline=None)
settings.load_profile("redlines")
