"""Dumps of a made-up platform: the same rows for the same size, order and metadata, on any machine."""

import datetime
import json
import os
import random

SEED = 7
USERS = 10_000
DAYS = 731
START = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
COLUMNS = ["id", "user_id", "action", "credits_consumed", "metadata", "created_at", "format", "quality"]
# With their weights. None is NULL.
ACTIONS = {
    "generate_image": 38, "enhance_prompt": 24, "upscale_image": 12, "export_file": 10, "edit_image": 8,
    "batch_generate": 4.5, "transcribe": 2.5, "train_style": 1,
}
FORMATS = {"png": 45, "jpg": 25, "webp": 17, "svg": 7, None: 6}
QUALITIES = {"standard": 52, "hd": 25, "draft": 13, "ultra": 6, None: 4}
MODELS = ["sdxl-turbo-1.0", "flux-dev", "gpt-image-1", "sd-3.5-large", "imagen-3", "whisper-large-v3"]
WORDS = "a quiet harbour at dawn with small boats and long shadows painted in oil on linen".split()
CHUNK = 100_000


def uuid(dice):
    digits = f"{dice.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def users():
    """All users; a few do much, most do little: weights fall as 1/rank, so the first has a tenth of the rows."""
    dice = random.Random(SEED)
    return [uuid(dice) for _ in range(USERS)]


class Dump:
    """How a dump is written, and where it lies."""

    def __init__(self, folder, rows, format="csv", order="time", metadata="short", start=0):
        self.rows, self.format, self.order, self.metadata, self.start = rows, format, order, metadata, start
        name = f"usage_logs-{rows}-{order}-{metadata}-{start}.{format}"
        self.path = os.path.join(folder, name)

    def make(self):
        """Writes it, unless it is there."""
        if os.path.exists(self.path):
            return self
        part = self.path + ".part"
        with open(part, "w", buffering=1 << 20, newline="") as out:
            if self.format == "csv":
                out.write(",".join(COLUMNS) + "\n")
            for first in range(0, self.rows, CHUNK):
                out.writelines(self._lines(first, min(CHUNK, self.rows - first)))
        os.rename(part, self.path)
        return self

    def _lines(self, first, count):
        dice = random.Random(f"{SEED} {self.start} {first}")
        pick = lambda values: dice.choices(list(values), weights=list(values.values()), k=count)
        owners = dice.choices(users_once(), weights=[1 / (rank + 1) for rank in range(USERS)], k=count)
        columns = zip(range(first, first + count), owners, pick(ACTIONS), pick(FORMATS), pick(QUALITIES))
        line = csv_line if self.format == "csv" else json_line
        for index, user, action, format, quality in columns:
            time = START + datetime.timedelta(seconds=self._seconds(index) + dice.uniform(0, 120))
            cents = dice.randint(1, 5_000)
            credits = f"{cents // 100}.{cents % 100:02}"
            yield line(uuid(dice), user, action, credits, self._metadata(dice), time, format, quality)

    def _seconds(self, index):
        # A prime larger than any size visits every place once.
        place = index if self.order == "time" else index * 2_147_483_647 % self.rows
        return DAYS * 86_400 * place / self.rows

    def _metadata(self, dice):
        prompt = f'"prompt_length": {dice.randint(5, 900)}'
        if self.metadata == "long":
            prompt = f'"prompt": "{" ".join(dice.choices(WORDS, k=300))}"'
        return (
            f'{{"model_used": "{MODELS[dice.randrange(6)]}", "api_provider": "replicate", {prompt}, '
            f'"file_size_bytes": {dice.randint(1_000, 9_000_000)}, "generation_time_ms": {dice.randint(100, 90_000)}}}'
        )


_USERS = []


def users_once():
    if not _USERS:
        _USERS.extend(users())
    return _USERS


def csv_line(id, user, action, credits, metadata, time, format, quality):
    metadata = metadata.replace('"', '""')
    when = time.isoformat(" ")[:-3]
    return f'{id},{user},{action},{credits},"{metadata}",{when},{format or ""},{quality or ""}\n'


def json_line(id, user, action, credits, metadata, time, format, quality):
    texts = [json.dumps(it) for it in (format, quality)]
    return (
        f'{{"id":"{id}","user_id":"{user}","action":"{action}","credits_consumed":{credits},'
        f'"metadata":{metadata},"created_at":"{time.isoformat()}","format":{texts[0]},"quality":{texts[1]}}}\n'
    )


def make_people(folder):
    """Profiles, and the roles of which the first user has `admin`."""
    paths = [os.path.join(folder, name) for name in ("profiles.csv", "user_roles.csv")]
    with open(paths[0], "w") as out:
        out.write("id,username\n")
        out.writelines(f"{user},user{rank}\n" for rank, user in enumerate(users_once()))
    with open(paths[1], "w") as out:
        out.write("user_id,role\n")
        out.writelines(f"{user},{'admin' if rank == 0 else 'user'}\n" for rank, user in enumerate(users_once()))
    return paths
