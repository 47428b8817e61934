# Front-end packages, by integrity hash.
FROM node:24-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

# Python packages, by hash.
FROM python:3.13-slim AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /tmp/base.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/opt/numba-cache
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin triage \
    && install --directory --owner=triage --group=triage /opt/numba-cache \
    && install --directory --owner=triage --group=triage --mode=700 /survey-keys
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY --from=front-end /app/node_modules ./node_modules
COPY . .
# The settings are read and nothing is connected to; these values stay in this step.
RUN SECRET_KEY=unused SURVEY_KEYS=/unused DATABASE_URL=postgresql://localhost/unused REDIS_URL=redis://localhost \
    python manage.py collectstatic --no-input
USER triage
# The engine's inner loops are compiled here, once, and not by the first run of every new container.
RUN python -m scoring.engine.warm
EXPOSE 8000
# No access log of its own: it would write down addresses with their secrets. The application logs each request without.
CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000", "--workers=3", "--threads=4", "--worker-tmp-dir=/dev/shm"]
