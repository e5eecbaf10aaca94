"""python -m gongkai.cli"""

from gongkai.cli.main import run

if __name__ == "__main__":
    run()
