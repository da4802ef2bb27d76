"""What rpc.py works out for the recorded vectors."""

import json

import _exchange
import rpc

vectors = json.loads(_exchange.setup())
token = 0xFF
tokens = []
for _ in range(vectors["tokens"]):
    tokens.append(token)
    token = rpc._next_token(token)
_exchange.result(
    json.dumps(
        {
            "ids": [rpc._hash(name) for name in vectors["names"]],
            "crcs": [rpc._crc16(bytes.fromhex(data)) for data in vectors["crc_data"]],
            "packets": [rpc._pack(magic, bytes.fromhex(payload)).hex() for magic, payload in vectors["packets"]],
            "tokens": tokens,
        }
    )
)
