"""Keeps a run meaningful: one wish, one key; and the key that asks is not revoked by what it asks."""
import os
import uuid

import schemathesis

own_key = os.environ.get("PEER_API_KEY_ID")


@schemathesis.hook
def before_call(context, case, kwargs):
    # A well-formed wish under a key that was used before would be refused, or answered as before, and show nothing.
    generated = case.meta.generation.mode if case.meta is not None else None
    if generated is not None and generated.is_positive and case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if own_key is not None and case.path_parameters and case.path_parameters.get("id") == own_key:
        case.path_parameters["id"] = "key_00000000000000000000000000"
