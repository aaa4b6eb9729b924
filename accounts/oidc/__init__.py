"""Signing in by an OpenID Connect provider.

allauth keeps the state, sends people there and back, and signs them in. What a provider answers is taken here, and
believed only as far as OpenID Connect Core 1.0 lets one: the ID token's signature, issuer, audience, time and nonce are
checked every time, PKCE always used, and every wrong answer is one page that says so.
"""
