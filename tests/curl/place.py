"""A daemon, the sandbox that it speaks to, and the stock curl program that speaks to both."""

import ctypes
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

KEY = "any"
NOTICES_KEY = "a-webhook-key"
# Without the proxies and settings of whoever runs the test.
ENVIRONMENT = {"PATH": os.environ["PATH"]}
# Bounds, not waits: a daemon that comes to rest does so at once.
MOST_SECONDS = 60
POLL_SECONDS = 0.005

CATALOG = """
user { plan string, seats integer }

event signup { seats integer?, plan string? }
event trial_started { plan string? }
event order_placed { total number, items [{ id string, name string, price number, quantity integer }], coupon string? }
event cart_changed { items [{ id string }] }
event signed_up = "Signed Up" { seats integer? }

message_type tips = 4821 marketing opt_in channel 31
campaign hello = 101 email tips
list trial_users = 700

journey winback {
  owner "lifecycle@example.com"
  enter on api { plan string }
  wait 1d
}
journey welcome_back {
  owner "lifecycle@example.com"
  enter on api { reason string }
  wait 1d
}

policy { timezone user.timeZone default "Europe/Berlin" }
"""


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    text: str

    def json(self):
        try:
            return json.loads(self.text)
        except ValueError:
            return None


def toml_text(table, name=""):
    """A table of plain values and tables as TOML."""
    plain = [f"{json.dumps(key)} = {json.dumps(value)}"
             for key, value in table.items() if not isinstance(value, dict)]
    out = ([f"[{name}]"] if name else []) + plain
    for key, value in table.items():
        if isinstance(value, dict):
            out.append(toml_text(value, f"{name}.{json.dumps(key)}" if name else key))
    return "\n".join(out)


def die_with_us():
    """Between fork and exec: nothing outlives a test that is killed."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def poll(condition):
    """Whether the condition has come true within the bound."""
    until = time.monotonic() + MOST_SECONDS
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True


class Process:
    def __init__(self, words, log):
        self.log = pathlib.Path(log)
        with self.log.open("wb") as err:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=err,
                                            stdout=subprocess.PIPE, preexec_fn=die_with_us)
        self.port = self.port_of(self.process.stdout)

    def port_of(self, out):
        """Ends with the line, or with the process."""
        for line in out:
            _, found, behind = line.decode().partition("listening http=127.0.0.1:")
            if found:
                return int(behind.split()[0])
        raise RuntimeError(f"{self.process.args} does not listen:\n{self.log.read_text()}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(MOST_SECONDS)
        self.process.stdout.close()
        return status


class Place:
    """`settings` are what the documents show, or an example has; `mode` is what `forward` says."""

    def __init__(self, program, settings, mode, journeys=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sojourn-curl-"))
        self.processes = []
        try:
            self.sandbox = self.start([program, "sandbox", "--port", "0", "--record",
                                       str(self.folder / "sandbox.db")])
            for name, text in self.files(settings, mode, journeys).items():
                (self.folder / name).write_text(text)
            self.daemon = self.start([program, "run", "--project", str(self.folder)])
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, *more):
        statuses = self.close()
        if kind is None and statuses != [0, 0]:
            raise AssertionError(f"the sandbox and the daemon ended with {statuses}")

    def start(self, words):
        self.processes.append(Process(words, self.folder / f"{words[1]}.err"))
        return self.processes[-1]

    def files(self, settings, mode, journeys):
        return {**(journeys or {"catalog.journey": CATALOG}), "intake.key": KEY,
                "iterable.key": "an-iterable-key", "webhook.key": NOTICES_KEY,
                "sojourn.toml": toml_text(self.configured(settings, mode))}

    def configured(self, settings, mode):
        own = {
            "project": "curl",
            "listen": {"http": "127.0.0.1:0"},
            "store": {"path": "data"},
            "intake": {"key_file": "intake.key", "forward": mode},
            "iterable": {"base_url": f"http://127.0.0.1:{self.sandbox.port}", "allow_http": True,
                         "key_file": "iterable.key"},
        }
        for name, value in settings.items():
            if isinstance(value, dict) and name in own:
                value = {**value, **own[name]}
            own[name] = value
        for name in ("intake", "iterable"):  # the keys are in files here
            own[name].pop("key_env", None)
        return own

    def shell(self, command):
        """A line of a document, as a reader types it; curl itself says the status last."""
        script = f'curl() {{ command curl --max-time {MOST_SECONDS} -w "\\n%{{http_code}}" "$@"; }}\n'
        environment = {**ENVIRONMENT, "KEY": KEY, "SOJOURN_INTAKE_KEY": KEY,
                       "URL": f"http://127.0.0.1:{self.daemon.port}"}
        done = subprocess.run(["bash", "-c", script + command], cwd=self.folder, text=True,
                              env=environment, capture_output=True, check=False)
        text, _, status = done.stdout.rpartition("\n")
        if done.returncode != 0 or not status.isdigit():
            raise AssertionError(f"{command}\ncurl ended with {done.returncode}: {done.stderr}")
        return Answer(int(status), text)

    def curl(self, port, method, path, body=None, headers=()):
        words = ["curl", "-sS", "--max-time", str(MOST_SECONDS), "-X", method, "-w",
                 "\n%{http_code}", f"http://127.0.0.1:{port}{path}"]
        for header in headers:
            words += ["-H", header]
        if body is not None:
            words += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
        done = subprocess.run(words, text=True, env=ENVIRONMENT, capture_output=True, check=True)
        text, _, status = done.stdout.rpartition("\n")
        return Answer(int(status), text)

    def say(self, method, path, body=None):
        """To the daemon."""
        key = f"Authorization: Basic {NOTICES_KEY}" if path.endswith("/webhooks") else f"Api-Key: {KEY}"
        return self.curl(self.daemon.port, method, path, body, [key])

    def of_sandbox(self, path):
        return self.curl(self.sandbox.port, "GET", path, None, ["Api-Key: an-iterable-key"]).json()

    def close(self):
        statuses = [process.stop() for process in reversed(self.processes)]
        shutil.rmtree(self.folder)
        return statuses
