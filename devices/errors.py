"""What can go wrong between the Pi and a device. One small tree; `stations` and the spooler turn it into words and retries."""


class DeviceError(Exception):
    """A device fault. `address` is the port as written in floor.toml; the message is for the log, never for a screen."""

    def __init__(self, address: str, message: str) -> None:
        super().__init__(f"{address}: {message}")
        self.address = address


class DeviceMissing(DeviceError):
    """Nothing answers at this address: no node, no host, or the node is not a device."""


class DeviceBusy(DeviceError):
    """Another process holds the port."""


class DeviceLost(DeviceError):
    """The device was open and went away (cable pulled, power off, connection reset)."""


class DeviceStalled(DeviceError):
    """The device took no byte within the progress timeout. `sent` counts the bytes taken before."""

    def __init__(self, address: str, message: str, *, sent: int) -> None:
        super().__init__(address, message)
        self.sent = sent
