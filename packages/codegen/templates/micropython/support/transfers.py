class _Transfer(_Function):
    # A function that something follows once it has been answered: start() makes it of what the handler gave.
    # It has run(serving), and drop() for when its turn never comes.
    # What the handler gives, with a `with` part of the answer before it: one thing, unless `gives` says more.

    gives = 1

    def reply(self, result, serving):
        count = self.gives + (1 if self.answer else 0)
        if count == 1:
            result = (result,)
        elif not isinstance(result, (tuple, list)) or len(result) != count:
            raise _WireError("result", "%s is not a tuple of %d" % (_shown(result), count))
        header = result[0] if self.answer else None
        transfer = self.start(header, *result[-self.gives :])
        try:
            answer = self.encode(header)
        except Exception as e:
            transfer.drop()
            raise e
        serving.follow(transfer)
        return answer


class _Leave(Exception):
    # An exception in its callback is the way to stop the library's stream_writer and stream_reader.
    pass
