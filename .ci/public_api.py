"""Names the foreign types in a crate's public signatures, by its rustdoc JSON; fails if one is of a crate not allowed.

usage: public_api.py DOCUMENT ALLOWED_CRATE...
"""

import json
import sys

document, *allowed = sys.argv[1:]
with open(document) as file:
    api = json.load(file)
crates = {int(key): crate["name"] for key, crate in api["external_crates"].items()}
foreign = {}


def look(value, item):
    """Notes every type or trait that is named anywhere in the value."""
    if isinstance(value, list):
        for part in value:
            look(part, item)
    if not isinstance(value, dict):
        return
    for key in ("resolved_path", "trait"):
        named = value.get(key)
        path = api["paths"].get(str(named.get("id"))) if isinstance(named, dict) else None
        if path and path["crate_id"] != 0 and crates[path["crate_id"]] not in allowed:
            foreign.setdefault("::".join(path["path"]), set()).add(item)
    for part in value.values():
        look(part, item)


def is_written(item):
    """Whether the item stands in this crate's source: most impls are the compiler's."""
    kind, inner = next(iter(item["inner"].items()))
    return item["crate_id"] == 0 and not (kind == "impl" and (inner["is_synthetic"] or inner["blanket_impl"]))


for item in filter(is_written, api["index"].values()):
    look(item["inner"], item["name"] or "an impl")

for path, items in sorted(foreign.items()):
    print(f"{path} in {', '.join(sorted(items))}")
sys.exit(bool(foreign))
