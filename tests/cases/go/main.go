// Checks what Assay exported with golang.org/x/mod/sumdb alone: the signed checkpoint, every
// inclusion proof, every consistency proof. Reads a folder; prints "accepted N" or fails.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(folder, name string) string {
	raw, err := os.ReadFile(filepath.Join(folder, name))
	must(err)
	return string(raw)
}

func hash(text string) tlog.Hash {
	hash, err := tlog.ParseHash(text)
	must(err)
	return hash
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	must(err)
	return value
}

func main() {
	folder := os.Args[1]
	verifier, err := note.NewVerifier(strings.TrimSpace(read(folder, "public.key")))
	must(err)
	signed, err := note.Open([]byte(read(folder, "checkpoint")), note.VerifierList(verifier))
	must(err)
	lines := strings.Split(signed.Text, "\n")
	size, root := number(lines[1]), hash(lines[2])

	var leaves []tlog.Hash
	for _, line := range strings.Fields(read(folder, "leaves.txt")) {
		leaf, err := base64.StdEncoding.DecodeString(line)
		must(err)
		leaves = append(leaves, tlog.RecordHash(leaf))
	}
	if int64(len(leaves)) != size {
		must(fmt.Errorf("%d leaves for a checkpoint of %d", len(leaves), size))
	}

	accepted := 0
	scanner := bufio.NewScanner(strings.NewReader(read(folder, "proofs.txt")))
	for scanner.Scan() {
		words := strings.Fields(scanner.Text())
		var steps []tlog.Hash
		switch words[0] {
		case "inclusion": // index, proof …
			for _, word := range words[2:] {
				steps = append(steps, hash(word))
			}
			index := number(words[1])
			must(tlog.CheckRecord(tlog.RecordProof(steps), size, root, index, leaves[index]))
		case "consistency": // size before, root before, proof …
			for _, word := range words[3:] {
				steps = append(steps, hash(word))
			}
			must(tlog.CheckTree(tlog.TreeProof(steps), size, root, number(words[1]), hash(words[2])))
		default:
			must(fmt.Errorf("unknown proof %q", words[0]))
		}
		accepted++
	}
	fmt.Println("accepted", accepted)
}
