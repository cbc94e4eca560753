"""Settings of gunicorn, which keeps the web processes running. `config/web_worker.py` speaks HTTP in them."""

import os

from config.logs import LOGGING
from config.memory.pools import limit_memory_pools, return_memory_regularly, share_memory
from content.own_process import end_with_parent

bind = f"{os.environ.get('BIND_ADDRESS', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "config.web_worker.WaitressWorker"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "16"))
timeout = 60
graceful_timeout = 10
logconfig_dict = LOGGING
control_socket_disable = True
preload_app = True  # the processes are forks of one that has imported the program: they start in no time, share memory

limit_memory_pools(searches=True)  # here: before the program is imported, and what is forked has it


def on_starting(server: object) -> None:
    end_with_parent()


def when_ready(server: object) -> None:
    share_memory()  # gunicorn has imported the program by now, and forks next


def post_fork(server: object, worker: object) -> None:
    return_memory_regularly()
