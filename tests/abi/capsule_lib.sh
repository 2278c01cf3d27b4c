# SPDX-License-Identifier: Apache-2.0
# Sourced by make_capsule.sh and capsule.sh.

# METHODOLOGY TABLE of a capsule, one a line.
capsule_runs() {
  printf '%s\n' 'test.smallest smallest.csv' 'test.everything everything.csv'
}

# capsule_scores CHISO PLUGINS CAPSULE METHODOLOGY TABLE: the columns that stay
# comparable for ever, found by name.
capsule_scores() {
  CHISO_PLUGIN_PATH=$2 CHISO_LANG=en "$1" score "$4" --units "$3/units.csv" \
    --data "$3/$5" --exact --format csv |
    awk -F, -v wanted=unit,node,points,max,percent,status,rank,grade '
      NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i
                n = split(wanted, names, ",") }
      { line = ""
        for (i = 1; i <= n; i++)
          line = line (i > 1 ? "," : "") $(place[names[i]])
        print line }'
}

# The definition digests of a folder's manifests: "id/edition digest".
capsule_digests() {
  awk -F ' = ' '/^id = /{id = $2} /^edition = /{edition = $2}
    /^definition_sha256 = /{print id "/" edition, $2}' "$1"/*.plugin.ini | sort
}
