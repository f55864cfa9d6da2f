"""gunicorn behind nginx, on a socket in /run/masthead. WEB_CONCURRENCY sets the number of workers."""

import multiprocessing
import os

bind = os.environ.get("MASTHEAD_BIND", "unix:/run/masthead/web.sock")
# A page is mostly Python, so one process a core keeps them busy; the threads wait for the database and slow readers.
workers = int(os.environ.get("WEB_CONCURRENCY") or multiprocessing.cpu_count())
threads = 4
worker_class = "gthread"
# Loaded once and shared by the workers, which saves about 100 MB each.
preload_app = True
pythonpath = "site"
timeout = 60
graceful_timeout = 30
keepalive = 30
# Memory that Python does not give back is given back by a new process.
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm"  # noqa: S108  (gunicorn's heartbeat file, never on a disk)
control_socket_disable = True
# Only nginx can reach the socket, and it sets these headers itself.
forwarded_allow_ips = "*"
accesslog = None
errorlog = "-"
