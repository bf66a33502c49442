"""The API of a running node, as tests and benchmarks call it."""
import http.client
import json


class Api:
    """One connection to the API of a node, for many calls after one another."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)

    def call(self, path, *parts):
        """The octets of an answer; each part is a file that is sent."""
        headers, body = {}, None
        if parts:
            headers["Content-Type"] = "multipart/form-data; boundary=b0undary"
            body = b"".join(b'--b0undary\r\nContent-Disposition: form-data; name="file"; filename="f%d"\r\nContent-Type: application/octet-stream\r\n\r\n' % n + part + b"\r\n"
                            for n, part in enumerate(parts)) + b"--b0undary--\r\n"
        self.connection.request("POST", "/api/v0/" + path, body=body, headers=headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {data[:300]}")
        return data

    def put(self, data):
        return json.loads(self.call("block/put?cid-codec=raw", data))["Key"]
