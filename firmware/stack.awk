# Worst-case stack of an image from its disassembly (objdump -d): the deepest way down from main,
# and below its deepest point the deepest interrupt; interrupts do not nest here. Ways through
# function pointers would not be seen, so an indirect call is an error. -v bytes=N is the size of a
# return address.

/^[0-9a-f]+ <.*>:$/ { gsub(/[<>:]/, "", $2); name = $2; next }

/\tpush\t/ { own[name]++ }
# A call of the next instruction is how two or three bytes of frame are taken.
/\trcall\t\.\+0 / { own[name] += bytes; next }
# The frame: Y -= size, after Y was loaded from the stack pointer.
/\tin\tr28, 0x3d/ { framed = name }
/\tsbiw\tr28, / && framed == name { own[name] += $NF != "" ? hex($0) : 0; framed = "" }
/\tsubi\tr28, / && framed == name { low = hex($0) }
/\tsbci\tr29, / && framed == name { own[name] += low + 256 * hex($0); framed = "" }
/\te?icall/ { indirect = indirect " " name }

# A call keeps a return address; a jump to the start of another function goes on in its place.
match($0, /<[^>+]+>/) && /\t(r?call|r?jmp)\t/ {
    target = substr($0, RSTART + 1, RLENGTH - 2)
    if (target != name) calls[name] = calls[name] " " target
}

# The number behind the comma.
function hex(line,    digits, i, value) {
    match(line, /, 0x[0-9A-Fa-f]+/)
    digits = tolower(substr(line, RSTART + 4, RLENGTH - 4))
    for (i = 1; i <= length(digits); i++) {
        value = value * 16 + index("0123456789abcdef", substr(digits, i, 1)) - 1
    }
    return value
}

function deepest(of, path,    list, count, i, worst, depth) {
    if (of in known) return known[of]
    if (index(path, " " of " ")) { recursive = recursive " " of; return 0 }
    count = split(calls[of], list, " ")
    for (i = 1; i <= count; i++) {
        depth = deepest(list[i], path of " ")
        if (depth > worst) worst = depth
    }
    known[of] = own[of] + bytes + worst
    return known[of]
}

END {
    for (of in calls) vectors[of]
    for (of in own) vectors[of]
    for (of in vectors) {
        if (of ~ /^__vector_[0-9]/ && deepest(of, " ") > interrupt) interrupt = deepest(of, " ")
    }
    printf "worst stack %d bytes\n", deepest("main", " ") + interrupt
    if (indirect recursive != "") {
        print "no bound for the stack of:" indirect recursive
        exit 1
    }
}
