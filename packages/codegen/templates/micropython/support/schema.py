class _Schema:
    # Answers the handshake: which interfaces are served, and how each lies on the wire.

    def __init__(self, implementations):
        self.__name__ = "rpcgen_schema"
        self.implementations = implementations

    def __call__(self, data):
        schemas = [it._rpcgen_schema for it in self.implementations]
        answer = bytes((len(schemas),)) + b"".join([id for id, text in schemas]) + _VERSION.encode()
        for _, text in schemas:
            if text is not None:
                answer += b"\0" + text.encode()
        return answer
