# One image for every part of the site; docker-compose.yml says what each container runs.
FROM python:3.13-slim AS packages

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --require-hashes --no-deps --only-binary :all: -r /tmp/base.txt

FROM python:3.13-slim

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/collected
RUN useradd --system --uid 1000 --home-dir /app --shell /usr/sbin/nologin jam \
    && install -d -o jam -g jam /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# Styles and scripts under names made of their content. Nothing is signed or stored here; the three values only let the
# settings load, and none of them stays in the image.
RUN python -m compileall -q /app \
    && SECRET_KEY=collecting-static-files-and-nothing-else DATABASE_URL=postgres://none REDIS_URL=redis://none \
       python manage.py collectstatic --noinput --verbosity 0

USER jam
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "jam.serving.web", "0.0.0.0:8000"]
