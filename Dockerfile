# syntax=docker/dockerfile:1

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags timetzdata -ldflags "-s -w" -o /broadsheet ./cmd/broadsheet

# The program alone: it brings its own pages, migrations and time zones; the
# certificates are those of the image it was built in. 65532 is nobody's number.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /broadsheet /broadsheet
USER 65532:65532
ENV BROADSHEET_LISTEN=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/broadsheet"]
CMD ["serve"]
