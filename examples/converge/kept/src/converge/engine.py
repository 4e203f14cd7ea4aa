# SPDX-License-Identifier: Apache-2.0
"""One run: each resource in order, one failure not stopping those that do not need it."""

from collections.abc import Iterator

from converge.errors import ResourceError
from converge.machine import Machine
from converge.model import Declaration, Resource, Result, Status


def run(declaration: Declaration, machine: Machine) -> Iterator[Result]:
    """Bring every resource to its declared state; on a rehearsal, say what that would be."""
    changed: set[str] = set()
    failed: set[str] = set()
    for resource in declaration.resources:
        missing = [name for name in resource.ties.requires if name in failed]
        result = (
            _skipped(resource, missing[0])
            if missing
            else _one(resource, machine, frozenset(changed))
        )
        if result.status in ("failed", "skipped"):
            failed.add(resource.id)
        elif result.status == "changed":
            changed.add(resource.id)
        yield result


def _one(resource: Resource, machine: Machine, changed: frozenset[str]) -> Result:
    path = str(resource.path or "")
    try:
        outcome = resource.converge(machine, changed)
    except ResourceError as error:
        summary = f"{error.message} {error.hint}".rstrip()
        return Result(resource.id, path, "none", "failed", summary)
    except OSError as error:
        # The disk is full, a file is not ours: the outside world, not a bug.
        return Result(resource.id, path, "none", "failed", str(error))
    status: Status = "unchanged" if outcome.action == "none" else "changed"
    return Result(resource.id, path, outcome.action, status, outcome.summary, outcome.diff)


def _skipped(resource: Resource, missing: str) -> Result:
    return Result(
        resource.id, str(resource.path or ""), "none", "skipped", f"{missing} did not succeed"
    )
