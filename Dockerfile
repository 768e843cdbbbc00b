# The service alone: PostgreSQL and Redis are other containers (docker-compose.yml).
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /app/.venv \
    && /app/.venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt
COPY pyproject.toml setup.cfg alembic.ini LICENSE README.md ./
COPY src ./src
# The lists of the demo sources.
COPY json_sources ./json_sources
COPY migrations ./migrations
RUN /app/.venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /app prilavok \
    && install --directory --owner prilavok --mode 700 /files
WORKDIR /app
COPY --from=build /app /app
USER prilavok
ENV PATH="/app/.venv/bin:$PATH" HTTP_HOST=0.0.0.0 LOG_FORMAT=json
EXPOSE 8080
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health/live')"]
CMD ["prilavok", "serve"]
