"""Writes docs/configuration.md from the settings in the code. `--print` shows it instead."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).with_suffix(".md")

HEAD = """# 设置

全部设置都是环境变量，没有设置文件。本表由 `make docs` 从 `src/gongkai/site/settings.py` 写出，测试核对两者一致。
`gongkai check` 逐项检查，指出写错的名称和值。

| 名称 | 默认值 | 含义 |
|---|---|---|
"""

TAIL = """
## 两种安装

嵌入式（一个县、一台服务器、一台笔记本）：什么都不用设。`make serve` 另外设 `GONGKAI_EXAMPLE=1`，装入示例城市；
真用时直接运行 `gongkai serve`。数据库、文件、密钥都在 `GONGKAI_DATA` 里，`gongkai serve` 同时启动网页和后台进程。

PostgreSQL：`GONGKAI_DATABASE_URL=postgres://用户:口令@主机:5432/库名`。多台网页机器各自运行 `gongkai serve`，要用同一个
`GONGKAI_SECRET_KEY`，`GONGKAI_DATA` 要在各机共享的存储上。

放在反向代理后面：`GONGKAI_HOSTS` 写对外的域名，`GONGKAI_HTTPS=1`，代理传来 `X-Forwarded-Proto`。`GONGKAI_PROXIES` 写前面有几层自己的代理
（每层都要在 `X-Forwarded-For` 后面追加来访地址），否则输错密码的次数都记在代理的地址上，几个人会一起被锁。

几个网站（见[手册第 20 章](handbook/20-多站点与静态导出.md)）：`GONGKAI_HOSTS` 里的是主站，显示全部、设工作台。
在工作台登记的网站，域名自动放行，不用写进 `GONGKAI_HOSTS`；关停、整合的网站，原域名也自动放行来转走读者。
写进了 `GONGKAI_HOSTS` 的按主站回答。
网站有变化 30 秒内在各进程生效。
工作人员只在主站登录，所以有几个网站时要设 `GONGKAI_BASE_URL`。

## 开发和测试用的变量

`GONGKAI_CHROMIUM` 浏览器的路径，默认找 `chromium`；`GONGKAI_TEST_POSTGRES` 测试用的 PostgreSQL 地址，默认 `postgres://127.0.0.1:5432/gongkai`，
库不必存在，测试另建 `test_` 开头的库。
"""


def page() -> str:
    # The settings module makes a secret key in its data folder; here that is nobody's.
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GONGKAI_DATA"] = folder
        from gongkai.site.settings import SETTINGS
    rows = [f"| `{name}` | {f'`{default}`' if default else '（空）'} | {meaning} |\n" for name, (default, meaning) in SETTINGS.items()]
    return HEAD + "".join(rows) + TAIL


if __name__ == "__main__":
    if "--print" in sys.argv:
        sys.stdout.write(page())
    else:
        PAGE.write_text(page(), encoding="utf-8")
