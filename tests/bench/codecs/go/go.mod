module codecs

go 1.24

require github.com/ipld/go-ipld-prime v0.24.0
