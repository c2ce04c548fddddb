"""How long things may take in tests, in seconds: claims about what is waited for, not about how fast a machine is.

A test that claims that something comes at once lets what must not be waited for last much longer: either NEVER, or a
limit above AT_ONCE. So it holds on a machine that has a lot to do, and fails only for its reason.
"""

AT_ONCE = 8.0  # what waits for nothing is over by then
SEEN = 20.0  # what is to come is there by then: only bounds a hang
NEVER = 45.0  # what must not be waited for; shorter than a test may take
