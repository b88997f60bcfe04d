"""What the stand-ins for web services share: a proxy with its own certificates, faults, a process form."""
