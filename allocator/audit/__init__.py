"""Checks of a plan in exact integers: `check_awards` before anyone sees it, `verify` on a finished run's folder."""

from allocator.audit.awards import Finding, Unverified, check_awards
from allocator.audit.folder import Verified, verify

__all__ = ["Finding", "Unverified", "Verified", "check_awards", "verify"]
