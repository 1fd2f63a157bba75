"""gunicorn's settings for the reference: the same worker, without our engine."""

worker_class = "gevent"
workers = 2
keepalive = 15
control_socket_disable = True
