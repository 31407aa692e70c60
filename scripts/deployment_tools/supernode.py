"""Starts Flower's SuperNode and logs its calls to the server.

    python -m deployment_tools.supernode CALL_LOG GROUP ARGUMENTS...

Each line of CALL_LOG is a call: its method, its start and end on the monotonic clock, and the bytes of its protobuf messages.
When it connects, the SuperNode moves into its device's control group GROUP; its child programs are already running by then and
move themselves when they train.
"""

import json
import sys
import time

import flwr.client.grpc_rere_client.connection as connection
import grpc
from flwr.supernode.cli import flower_supernode

from .processors import join


class CallLog(grpc.UnaryUnaryClientInterceptor):
    def __init__(self, path: str):
        self.file = open(path, "a", encoding="utf-8", buffering=1)

    def intercept_unary_unary(self, continuation, details, request):
        start = time.monotonic_ns()
        outcome = continuation(details, request)
        response = outcome.result()
        entry = {
            "call": details.method.rsplit("/", 1)[1], "start": start, "end": time.monotonic_ns(),
            "request": request.ByteSize(), "response": response.ByteSize(),
            "messages": len(getattr(response, "messages_list", [])),
        }
        print(json.dumps(entry), file=self.file)
        return outcome


def main() -> None:
    path, group, *arguments = sys.argv[1:]
    create_channel = connection.create_channel

    def logged_channel(**options):
        join(group)
        return grpc.intercept_channel(create_channel(**options), CallLog(path))

    connection.create_channel = logged_channel
    sys.argv = ["flower-supernode", *arguments]
    flower_supernode()


if __name__ == "__main__":
    main()
