"""The `network` module of the virtual camera: connected from the start, to the host it runs on."""

STA_IF = 0
AP_IF = 1
_ADDRESS = "127.0.0.1"


class WLAN:
    def __init__(self, interface=STA_IF):
        pass

    def active(self, on=None):
        return True

    def connect(self, ssid=None, key=None, **options):
        pass

    def disconnect(self):
        pass

    def isconnected(self):
        return True

    def status(self, parameter=None):
        return 3

    def ifconfig(self, settings=None):
        return (_ADDRESS, "255.0.0.0", _ADDRESS, _ADDRESS)
