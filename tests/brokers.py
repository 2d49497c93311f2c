"""A real broker (Mosquitto) on this computer, that can be killed and come back, and those who speak to it."""

import contextlib
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests import needs

USER, PASSWORD = "desk", "kentongan kali 3"
_PATIENCE_S = 30.0


def until(holds: Callable[[], object], what: Callable[[], str] = lambda: "it never came true"):
    """Wait until something holds, and return it."""
    end_s = time.monotonic() + _PATIENCE_S
    while not (found := holds()):
        assert time.monotonic() < end_s, what()
        time.sleep(0.01)
    return found


class Broker:
    """On a free port; what it keeps for those who are away lies in `folder`, unless it is `forgetful`.

    With `secured` it wants TLS, and the user and password above; its authority is `ca_file`.
    """

    def __init__(
        self, folder: Path, *, secured: bool = False, forgetful: bool = False, more: str = ""
    ) -> None:
        self.folder, self.secured, self.port = folder, secured, _free_port()
        self._process: subprocess.Popen | None = None
        folder.mkdir(parents=True, exist_ok=True)
        lines = [
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous " + ("false" if secured else "true"),
            "max_inflight_messages 0",
            "max_queued_messages 0",
            "user root",
        ]
        if not forgetful:
            lines += ["persistence true", f"persistence_location {folder}/", "autosave_interval 1"]
        if secured:
            lines += self._secrets()
        (folder / "mosquitto.conf").write_text("\n".join([*lines, more, ""]), encoding="utf-8")
        self.start()

    @property
    def ca_file(self) -> Path:
        return self.folder / "ca.pem"

    def _secrets(self) -> list[str]:
        _certificates(self.folder)
        users = self.folder / "users"
        command = [needs.program("mosquitto_passwd"), "-b", "-c", str(users), USER, PASSWORD]
        subprocess.run(command, check=True, capture_output=True)
        users.chmod(0o600)
        return [
            f"password_file {users}",
            f"certfile {self.folder / 'broker.pem'}",
            f"keyfile {self.folder / 'broker.key'}",
        ]

    def start(self) -> None:
        """Be there (again)."""
        command = [
            needs.program("mosquitto", "/usr/sbin/mosquitto"),
            "-c",
            str(self.folder / "mosquitto.conf"),
        ]
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        until(self._answers, self.words)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.words()
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.5).close()
        except OSError:
            return False
        return True

    def words(self) -> str:
        return (self.folder / "mosquitto.log").read_text(errors="replace")

    def stop(self) -> None:
        """Be shut down in good order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Be gone at once."""
        self._end(signal.SIGKILL)

    def _end(self, how: int) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(_PATIENCE_S)

    def gauge(self, name: str = "gauge") -> "Gauge":
        return Gauge(self, name)


class Gauge:
    """Something that publishes, and knows what the broker has taken from it."""

    def __init__(self, broker: Broker, name: str) -> None:
        self._client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.max_queued_messages_set(0)
        self._client.max_inflight_messages_set(2_000)
        if broker.secured:
            self._client.tls_set(ca_certs=str(broker.ca_file))
            self._client.username_pw_set(USER, PASSWORD)
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    def say(self, topic: str, payload: bytes | str, *, retain: bool = False, qos: int = 1) -> None:
        """Publish, and wait until the broker has it."""
        self.say_all([(topic, payload)], retain=retain, qos=qos)

    def say_all(
        self, messages: Iterable[tuple[str, bytes | str]], *, retain: bool = False, qos: int = 1
    ) -> None:
        sent = [self._client.publish(topic, payload, qos, retain) for topic, payload in messages]
        for each in sent:
            each.wait_for_publish(_PATIENCE_S * 4)
            assert each.is_published()

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def __enter__(self) -> "Gauge":
        return self

    def __exit__(self, *_error: object) -> None:
        self.leave()


def _free_port() -> int:
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        return each.getsockname()[1]


def _certificates(folder: Path) -> None:
    """An authority of our own, and a broker on 127.0.0.1 that it vouches for."""
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n", encoding="utf-8")
    for command in (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=Authority"
        " -keyout ca.key -out ca.pem",
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1"
        " -keyout broker.key -out broker.csr",
        "x509 -req -in broker.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san"
        " -out broker.pem",
    ):
        subprocess.run(
            [needs.program("openssl"), *command.split()], cwd=folder, check=True, capture_output=True
        )


class Silent:
    """A computer that takes a call and says nothing, or only nonsense."""

    def __init__(self, words: bytes = b"") -> None:
        self._words, self._listener = words, socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._calls: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                call, _who = self._listener.accept()
                self._calls.append(call)
                call.sendall(self._words)

    def die(self) -> None:
        for each in (self._listener, *self._calls):
            with contextlib.suppress(OSError):
                each.close()
