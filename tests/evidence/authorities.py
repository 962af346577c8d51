"""Authorities of trusted time that openssl plays (RFC 3161): a root, and what signs below it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, load_pem_x509_certificate

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[between]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority:
    """A root, perhaps an authority between, a time-stamping certificate, and tokens."""

    def __init__(self, folder: Path, *, between: bool = False) -> None:
        self.folder = folder
        folder.mkdir()
        config = CONFIG.format(name=folder.name, folder=folder)
        (folder / "tsa.cnf").write_text(config)
        (folder / "serial").write_text("01\n")
        self._run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-keyout",
                  "root.key", "-out", "root.pem", "-config", "tsa.cnf",
                  "-extensions", "root")  # fmt: skip
        if between:
            self._certify("middle", "root", "between")
        self._certify("tsa", "middle" if between else "root", "leaf")
        self.root = self.certificate("root")

    def certificate(self, name: str) -> Certificate:
        """``root``, ``middle`` or ``tsa``."""
        return load_pem_x509_certificate((self.folder / f"{name}.pem").read_bytes())

    def stamp(self, message: bytes, *, certificate: bool = True, sent: Sequence[str] = ()) -> bytes:
        """A token over a message, with the signer's certificate and those named in `sent`."""
        (self.folder / "data").write_bytes(message)
        self._run("ts", "-query", "-data", "data", "-sha256", "-out", "q.tsq",
                  *(("-cert",) if certificate else ()))  # fmt: skip
        pems = (self.folder / f"{name}.pem" for name in sent)
        (self.folder / "sent.pem").write_bytes(b"".join(p.read_bytes() for p in pems))
        self._run("ts", "-reply", "-queryfile", "q.tsq", "-config", "tsa.cnf", "-section", "it",
                  *(("-chain", "sent.pem") if sent else ()), "-out", "r.tsr")  # fmt: skip
        ders = [self.certificate(n).public_bytes(Encoding.DER) for n in ("tsa", *sent)]
        # openssl leaves the SET unsorted; DER, and so the reader of tokens, wants it sorted.
        return (self.folder / "r.tsr").read_bytes().replace(b"".join(ders), b"".join(sorted(ders)))

    def _certify(self, name: str, issuer: str, extensions: str) -> None:
        """A key and its certificate below another of this authority."""
        self._run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
                  f"{name}.csr", "-config", "tsa.cnf",
                  "-subj", f"/CN={self.folder.name} {name}")  # fmt: skip
        self._run("x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey",
                  f"{issuer}.key", "-CAcreateserial", "-days", "20", "-out", f"{name}.pem",
                  "-extfile", "tsa.cnf", "-extensions", extensions)  # fmt: skip

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            ["openssl", *arguments], cwd=self.folder, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
