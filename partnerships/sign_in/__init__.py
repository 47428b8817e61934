"""Signing in, on top of django-allauth: what that library leaves to the service, one idea a file.

People are known by the address that their organisation gave them, and nobody signs up by themselves.
"""
