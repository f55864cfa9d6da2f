"""Send requests: many at once with wrk, and one after another."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .pages import Kind, PageError, Request, Target, ask
from .processes import Meter

MARK = "@@wrk "
# More than any page of ours is answered in a second by two cores: what is sent once is not sent again within a run.
MOST_A_SECOND = 110
# Slow pages are asked for less often, one by one.
LONGEST_ALONE = 6.0
FEWEST_ALONE = 8
LUA = """
local requests, at = {}, 0
codes = ""
local counts = {}
function setup(thread) thread_ = thread end
function init(args)
%s
end
function request() at = at %% #requests + 1; return requests[at] end
function response(status)
  counts[status] = (counts[status] or 0) + 1
  local parts = {}
  for code, n in pairs(counts) do parts[#parts + 1] = '"' .. code .. '":' .. n end
  codes = table.concat(parts, ",")
end
function done(summary, latency)
  io.write(string.format(
    '@@wrk {"us":%%d,"requests":%%d,"bytes":%%d,"connect":%%d,"read":%%d,"write":%%d,"timeout":%%d,' ..
    '"p50":%%d,"p99":%%d,"codes":{%%s}}\\n',
    summary.duration, summary.requests, summary.bytes, summary.errors.connect, summary.errors.read,
    summary.errors.write, summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), thread_:get("codes")))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """One run of wrk. Times in milliseconds; `cpu_ms` by tree, for each request that was answered."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    wire_bytes: float
    failed: int
    cpu_ms: dict[str, float]
    others_cores: float


@dataclass(frozen=True, slots=True)
class Alone:
    """Requests one after another: how long each took, and the CPU for one."""

    ms: tuple[float, ...]
    cpu_ms: float
    failed: int


def lua_string(text: str) -> str:
    """A Lua string of any text: what is not a plain letter or digit is written by its number."""
    return (
        '"'
        + "".join(c if c.isalnum() and c.isascii() else "".join(f"\\{b:03d}" for b in c.encode()) for c in text)
        + '"'
    )


def lua_script(requests: tuple[Request, ...]) -> str:
    """The script that makes wrk send these requests in turn and print what it counted."""
    lines = []
    for request in requests:
        headers = ", ".join(f"[{lua_string(name)}]={lua_string(value)}" for name, value in request.headers.items())
        body = "nil" if request.body is None else lua_string(request.body)
        sent = f"{lua_string(request.method)}, {lua_string(request.path)}, {{{headers}}}, {body}"
        lines.append(f"  requests[#requests + 1] = wrk.format({sent})")
    return LUA % "\n".join(lines)


def load(target: Target, kind: Kind, *, seconds: int, connections: int, folder: Path) -> Load:
    """Keep the shop busy with one thread of wrk for some seconds. Raises PageError where nothing is answered."""
    with Meter(target.trees) as meter:
        said = send(target, kind, seconds=seconds, connections=connections, folder=folder)
    return read_load(said, meter, kind.expect, target.name)


def send(target: Target, kind: Kind, *, seconds: int, connections: int, folder: Path) -> dict[str, object]:
    """What wrk says after some seconds. Raises PageError where it says nothing that can be read."""
    script = folder / "wrk.lua"
    script.write_text(lua_script(kind.take(seconds * MOST_A_SECOND)), encoding="utf-8")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script)]
    address = f"http://127.0.0.1:{target.port}"
    ran = subprocess.run([*command, address], capture_output=True, text=True, check=False)
    line = next((line for line in ran.stdout.splitlines() if line.startswith(MARK)), None)
    if line is None:
        raise PageError(f"wrk said nothing usable: {ran.stdout[-500:]} {ran.stderr[-500:]}")
    said: dict[str, object] = json.loads(line[len(MARK) :])
    return said


def read_load(said: dict[str, object], meter: Meter, expect: int, name: str) -> Load:
    """What wrk's line and the meter make together."""
    count = {key: float(str(value)) for key, value in said.items() if key != "codes"}
    done, codes = int(count["requests"]), said["codes"]
    if not done or not isinstance(codes, dict):
        raise PageError(f"{name}: no answer in {count['us'] / 1e6:.0f} s of wrk")
    broken = sum(int(count[key]) for key in ("connect", "read", "write", "timeout"))
    return Load(
        requests=done,
        per_second=done / (count["us"] / 1e6),
        p50_ms=count["p50"] / 1e3,
        p99_ms=count["p99"] / 1e3,
        wire_bytes=count["bytes"] / done,
        failed=done - int(codes.get(str(expect), 0)) + broken,
        cpu_ms={tree: spent / done * 1e3 for tree, spent in meter.seconds.items()},
        others_cores=meter.others,
    )


def alone(target: Target, kind: Kind, *, times: int) -> Alone:
    """Ask one after another, `times` or as many as fit into six seconds."""
    connection, took, failed = target.connect(), list[float](), 0
    requests = kind.take(times)
    with Meter(target.trees) as meter:
        while len(took) < times and (sum(took) < LONGEST_ALONE * 1e3 or len(took) < FEWEST_ALONE):
            answer = ask(connection, requests[len(took) % len(requests)])
            took.append(answer.seconds * 1e3)
            failed += answer.status != kind.expect
    connection.close()
    return Alone(ms=tuple(took), cpu_ms=meter.total / len(took) * 1e3, failed=failed)
