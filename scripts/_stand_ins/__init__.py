"""The stand-ins' composer: a small score language, one module a piece."""
