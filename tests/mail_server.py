"""A real mail server for tests: a private Postfix and Dovecot on free loopback ports, as root, without systemd.

Postfix delivers into Maildirs by virtual(8); Dovecot shows them over IMAP. What goes where:

- `*@harbourpine.example` (ours): into the Maildir of the address without its plus part, or, once `relay()` was
  called for an address, over LMTP or SMTP to a port of the test's choice.
- `*@example.com` (customers): into the Maildir of the address.
- anything else is refused: nothing ever leaves the machine.
"""

import imaplib
import mailbox as maildirs
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

OURS, CUSTOMERS = "harbourpine.example", "example.com"
PASSWORD = "secret"
USER = "threadmail"  # owns the Maildirs
PROGRAMS = {
    "postfix": "postfix",
    "dovecot": "dovecot-imapd",
    "postmap": "postfix",
    "doveadm": "dovecot-core",
    "useradd": "passwd",
}
CAST = {OURS: "support help sales", CUSTOMERS: "ana bo cy di"}  # have a mailbox from the start
TEMPORARY = Path("/tmp")
CATCH_ALL = f"@{OURS} catchall@{OURS}/\n@{CUSTOMERS} catchall@{CUSTOMERS}/\n"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/sbin"

DOVECOT = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
default_login_user = nobody
default_internal_user = dovecot
default_internal_group = dovecot
mail_max_userip_connections = 100
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {home}/conf/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={user} gid={user} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
OAUTH2 = """
introspection_mode = get
introspection_url = http://127.0.0.1:{token_port}/introspect?token=
username_attribute = email
active_attribute = active
active_value = true
timeout_msecs = 2000
"""
POSTFIX = """
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
maillog_file = {home}/postfix.log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.{ours}
mydestination =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = {ours}, {customers}
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = hash:{home}/conf/boxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
recipient_delimiter = +
transport_maps = hash:{home}/conf/transport
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
default_transport = error:nothing leaves this machine
message_size_limit = 31457280
mailbox_size_limit = 0
virtual_mailbox_limit = 0
minimal_backoff_time = 2s
maximal_backoff_time = 4s
queue_run_delay = 2s
syslog_name = mailtest
"""


class MailServer:
    """Start it, send through it, look into its mailboxes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.smtp_port, self.imap_port = free_port(), free_port()
        self.token_port = free_port()  # where Dovecot asks whether a token is good: `tests.mail_oauth` answers
        self.boxes = {f"{name}@{domain}" for domain, names in CAST.items() for name in names.split()}

    def start(self) -> None:
        owner = mail_user()
        for folder in ("run", "mail", "spool", "data", "conf"):
            (self.home / folder).mkdir(parents=True)
        self.home.chmod(0o755)
        os.chown(self.home / "mail", owner.pw_uid, owner.pw_gid)
        self._write_settings(owner)
        run("dovecot", "-c", f"{self.home}/conf/dovecot.conf")
        run("postfix", "-c", f"{self.home}/conf", "start")
        wait_until(lambda: answers(self.smtp_port) and answers(self.imap_port), "the mail server answers")

    def _write_settings(self, owner: pwd.struct_passwd) -> None:
        names = {"home": self.home, "ours": OURS, "customers": CUSTOMERS, "user": USER, "password": PASSWORD}
        numbers = {"uid": owner.pw_uid, "gid": owner.pw_gid, "imap_port": self.imap_port}
        conf = self.home / "conf"
        (conf / "dovecot.conf").write_text(DOVECOT.format(**names, **numbers))
        (conf / "oauth2.conf").write_text(OAUTH2.format(token_port=self.token_port))
        (conf / "main.cf").write_text(POSTFIX.format(**names, **numbers))
        (conf / "master.cf").write_text(unchrooted(self.smtp_port))
        self._map("transport", "")
        self._map("boxes", self._box_lines())
        shutil.chown(self.home / "data", "postfix")

    def stop(self) -> None:
        halt(self.home)
        wait_until(lambda: not answers(self.imap_port) and not answers(self.smtp_port), "the mail server is gone")
        shutil.rmtree(self.home)

    def mailbox(self, address: str) -> str:
        """Give an address a mailbox of its own, empty; return the user to sign in with over IMAP."""
        if address not in self.boxes:
            self.boxes.add(address)
            self._map("boxes", self._box_lines())
            self._reload()
        with self.imap(address) as client:
            client.select("INBOX")
            client.uid("STORE", "1:*", "+FLAGS", "\\Deleted")
            client.expunge()
        return address

    def _box_lines(self) -> str:
        return "".join(f"{box} {box}/\n" for box in sorted(self.boxes)) + CATCH_ALL

    def relay(self, address: str, port: int, *, protocol: str = "lmtp") -> None:
        """From now on, mail for this address (with any plus part) goes to a port on this machine."""
        host = "inet:127.0.0.1" if protocol == "lmtp" else "[127.0.0.1]"
        self._route(f"{address} {protocol}:{host}:{port}\n")

    def deliver_all(self) -> None:
        """From now on, all mail goes into the mailboxes again."""
        self._route("")

    def _route(self, lines: str) -> None:
        self._map("transport", lines)
        self._reload()

    def _reload(self) -> None:
        """Processes keep their old map until they are told to reload. New mail waits for about a second then."""
        run("postfix", "-c", f"{self.home}/conf", "reload")

    def _map(self, name: str, lines: str) -> None:
        path = self.home / "conf" / name
        path.write_text(lines)
        run("postmap", "-c", f"{self.home}/conf", f"hash:{path}")

    def send(self, raw: bytes, *, to: str, sender: str = "ana@example.com") -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=10) as smtp:
            smtp.sendmail(sender, [to], raw)

    def imap(self, address: str) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=10)
        client.login(address, PASSWORD)
        return client

    def received(self, address: str, *, count: int = 1, within: float = 60) -> list[bytes]:
        """The mails in a mailbox, as soon as there are that many."""
        wait_until(lambda: len(self._mails(address)) >= count, f"{count} mails in {address}", within=within)
        return self._mails(address)

    def _mails(self, address: str) -> list[bytes]:
        with self.imap(address) as client:
            client.select("INBOX", readonly=True)
            _, answer = client.uid("FETCH", "1:*", "(BODY.PEEK[])")
            return [part[1] for part in answer if isinstance(part, tuple)]

    def put(self, address: str, mails: list[bytes]) -> None:
        """Lay mails into the Maildir directly, past Postfix: for many of them, or for ones that it would mend."""
        self.mailbox(address)
        folder = self.home / "mail" / address
        box = maildirs.Maildir(folder, create=not folder.exists())
        for raw in mails:
            box.add(raw)
        run("chown", "-R", f"{USER}:{USER}", str(folder))

    def log(self) -> str:
        return "".join(path.read_text() for path in self.home.glob("*.log"))


def halt(home: Path) -> None:
    """Dovecot first: were its folder deleted before, it would keep its port for ever."""
    run("doveadm", "-c", f"{home}/conf/dovecot.conf", "stop", check=False)
    run("postfix", "-c", f"{home}/conf", "stop", check=False)


def halt_orphans() -> None:
    """Servers of test runs that were killed before they could stop them; the folder's name tells the process."""
    for home in TEMPORARY.glob("tm[0-9]*-*"):
        pid = home.name[2:].partition("-")[0]
        if not Path("/proc", pid).exists():
            halt(home)
            shutil.rmtree(home, ignore_errors=True)


def require_programs() -> None:
    missing = sorted({package for program, package in PROGRAMS.items() if shutil.which(program, path=PATH) is None})
    if missing:
        pytest.fail(f"The mail tests need a real mail server. Run: apt install {' '.join(missing)}", pytrace=False)
    if os.geteuid() != 0:
        pytest.fail(
            "The mail tests start Postfix and Dovecot, which only root may do. Run them as root.", pytrace=False
        )


def mail_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        # Another test run may just have made it: then this fails, and it is there.
        run("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER, check=False)
        return pwd.getpwnam(USER)


def unchrooted(port: int) -> str:
    """Debian's master.cf with our port and without chroots, which would need files copied into them."""
    source = next(
        path for path in map(Path, ("/usr/share/postfix/master.cf.dist", "/etc/postfix/master.cf")) if path.exists()
    )
    lines = []
    for line in source.read_text().splitlines():
        fields = line.split()
        if len(fields) >= 8 and not line.startswith(("#", " ", "\t")):
            fields[0] = f"127.0.0.1:{port}" if fields[:2] == ["smtp", "inet"] else fields[0]
            fields[4] = "n"
            line = " ".join(fields)
        lines.append(line)
    return "\n".join([*lines, ""])


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], object], what: str, *, within: float = 60) -> None:
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() > until:
            pytest.fail(f"Waited {within} s in vain until {what}.")
        time.sleep(0.02)


def run(*command: str, check: bool = True) -> None:
    """Output goes to a file, not a pipe: daemons keep the pipe open and the caller would wait for ever."""
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdout=output, stderr=output, env={**os.environ, "PATH": PATH}, timeout=30)
        if check and done.returncode:
            output.seek(0)
            pytest.fail(f"{' '.join(command)} failed: {output.read().decode(errors='replace')}")


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    """One mail server for the whole test run. Its folder has a short path: Unix sockets allow about 100 characters."""
    require_programs()
    halt_orphans()
    server = MailServer(Path(tempfile.mkdtemp(prefix=f"tm{os.getpid()}-", dir=TEMPORARY)))
    try:
        server.start()
        yield server
    finally:
        server.stop()
