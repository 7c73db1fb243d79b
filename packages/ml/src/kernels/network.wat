;; The loops of a network in training, four numbers at a time. Addresses and strides are in bytes, counts in items. Matrices
;; are kept a feature after another: `stride` is the length of a feature's numbers, one for each row, a multiple of 16.
;; Every multiplication and addition is rounded by itself (no fused ones), so that plain-network-kernels.ts and every
;; machine give the same bits. `tools/build-kernels.mjs` makes network-wasm.ts of this.
(module
  (import "memory" "memory" (memory 1 65536 shared))

  ;; zeros from one address to another
  (func (export "clear") (param $from i32) (param $to i32)
    (memory.fill (local.get $from) (i32.const 0) (i32.sub (local.get $to) (local.get $from))))

  ;; The sum of the lanes as (0 + 2) + (1 + 3).
  (func $sum (param $v v128) (result f32)
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $v)) (f32x4.extract_lane 2 (local.get $v)))
      (f32.add (f32x4.extract_lane 1 (local.get $v)) (f32x4.extract_lane 3 (local.get $v)))))

  ;; out[o] = bias[o] (without a bias: out[o] as it is) + for each of its connections: weight × x[input]
  (func (export "connect")
    (param $out i32) (param $x i32) (param $bias i32)
    (param $starts i32) (param $inputs i32) (param $weights i32) (param $outputs i32) (param $stride i32)
    (local $at i32) (local $k i32) (local $first i32) (local $end i32) (local $from i32) (local $w v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (block $done
      (loop $each
        (br_if $done (i32.eqz (local.get $outputs)))
        (local.set $first (i32.shl (i32.load (local.get $starts)) (i32.const 2)))
        (local.set $end (i32.shl (i32.load offset=4 (local.get $starts)) (i32.const 2)))
        (local.set $at (i32.const 0))
        (block $few
          (loop $sixteen
            (br_if $few (i32.gt_u (i32.add (local.get $at) (i32.const 64)) (local.get $stride)))
            (if (local.get $bias)
              (then
                (local.set $a (v128.load32_splat (local.get $bias)))
                (local.set $b (local.get $a))
                (local.set $c (local.get $a))
                (local.set $d (local.get $a)))
              (else
                (local.set $from (i32.add (local.get $out) (local.get $at)))
                (local.set $a (v128.load (local.get $from)))
                (local.set $b (v128.load offset=16 (local.get $from)))
                (local.set $c (v128.load offset=32 (local.get $from)))
                (local.set $d (v128.load offset=48 (local.get $from)))))
            (local.set $k (local.get $first))
            (block $summed
              (loop $connections
                (br_if $summed (i32.ge_u (local.get $k) (local.get $end)))
                (local.set $w (v128.load32_splat (i32.add (local.get $weights) (local.get $k))))
                (local.set $from
                  (i32.add
                    (i32.add (local.get $x) (local.get $at))
                    (i32.mul (i32.load (i32.add (local.get $inputs) (local.get $k))) (local.get $stride))))
                (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $w) (v128.load (local.get $from)))))
                (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $w) (v128.load offset=16 (local.get $from)))))
                (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $w) (v128.load offset=32 (local.get $from)))))
                (local.set $d (f32x4.add (local.get $d) (f32x4.mul (local.get $w) (v128.load offset=48 (local.get $from)))))
                (local.set $k (i32.add (local.get $k) (i32.const 4)))
                (br $connections)))
            (local.set $from (i32.add (local.get $out) (local.get $at)))
            (v128.store (local.get $from) (local.get $a))
            (v128.store offset=16 (local.get $from) (local.get $b))
            (v128.store offset=32 (local.get $from) (local.get $c))
            (v128.store offset=48 (local.get $from) (local.get $d))
            (local.set $at (i32.add (local.get $at) (i32.const 64)))
            (br $sixteen)))
        (block $all
          (loop $four
            (br_if $all (i32.ge_u (local.get $at) (local.get $stride)))
            (local.set $a
              (if (result v128) (local.get $bias)
                (then (v128.load32_splat (local.get $bias)))
                (else (v128.load (i32.add (local.get $out) (local.get $at))))))
            (local.set $k (local.get $first))
            (block $summed
              (loop $connections
                (br_if $summed (i32.ge_u (local.get $k) (local.get $end)))
                (local.set $from
                  (i32.add
                    (i32.add (local.get $x) (local.get $at))
                    (i32.mul (i32.load (i32.add (local.get $inputs) (local.get $k))) (local.get $stride))))
                (local.set $a
                  (f32x4.add
                    (local.get $a)
                    (f32x4.mul
                      (v128.load32_splat (i32.add (local.get $weights) (local.get $k)))
                      (v128.load (local.get $from)))))
                (local.set $k (i32.add (local.get $k) (i32.const 4)))
                (br $connections)))
            (v128.store (i32.add (local.get $out) (local.get $at)) (local.get $a))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (br $four)))
        (if (local.get $bias) (then (local.set $bias (i32.add (local.get $bias) (i32.const 4)))))
        (local.set $out (i32.add (local.get $out) (local.get $stride)))
        (local.set $starts (i32.add (local.get $starts) (i32.const 4)))
        (local.set $outputs (i32.sub (local.get $outputs) (i32.const 1)))
        (br $each))))

  ;; learned[connection] += x[its input] · slopes[its output]
  (func (export "connectSlopes")
    (param $learned i32) (param $x i32) (param $slopes i32)
    (param $starts i32) (param $inputs i32) (param $outputs i32) (param $stride i32)
    (local $at i32) (local $k i32) (local $end i32) (local $s v128)
    (local $p i32) (local $q i32) (local $r i32) (local $t i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (block $done
      (loop $each
        (br_if $done (i32.eqz (local.get $outputs)))
        (local.set $k (i32.shl (i32.load (local.get $starts)) (i32.const 2)))
        (local.set $end (i32.shl (i32.load offset=4 (local.get $starts)) (i32.const 2)))
        (block $few
          (loop $four
            (br_if $few (i32.gt_u (i32.add (local.get $k) (i32.const 16)) (local.get $end)))
            (local.set $t (i32.add (local.get $inputs) (local.get $k)))
            (local.set $p (i32.add (local.get $x) (i32.mul (i32.load (local.get $t)) (local.get $stride))))
            (local.set $q (i32.add (local.get $x) (i32.mul (i32.load offset=4 (local.get $t)) (local.get $stride))))
            (local.set $r (i32.add (local.get $x) (i32.mul (i32.load offset=8 (local.get $t)) (local.get $stride))))
            (local.set $t (i32.add (local.get $x) (i32.mul (i32.load offset=12 (local.get $t)) (local.get $stride))))
            (local.set $a (v128.const f32x4 0 0 0 0))
            (local.set $b (v128.const f32x4 0 0 0 0))
            (local.set $c (v128.const f32x4 0 0 0 0))
            (local.set $d (v128.const f32x4 0 0 0 0))
            (local.set $at (i32.const 0))
            (loop $rows
              (local.set $s (v128.load (i32.add (local.get $slopes) (local.get $at))))
              (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $s) (v128.load (i32.add (local.get $p) (local.get $at))))))
              (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $s) (v128.load (i32.add (local.get $q) (local.get $at))))))
              (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $s) (v128.load (i32.add (local.get $r) (local.get $at))))))
              (local.set $d (f32x4.add (local.get $d) (f32x4.mul (local.get $s) (v128.load (i32.add (local.get $t) (local.get $at))))))
              (br_if $rows
                (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stride))))
            (local.set $t (i32.add (local.get $learned) (local.get $k)))
            (f32.store (local.get $t) (f32.add (f32.load (local.get $t)) (call $sum (local.get $a))))
            (f32.store offset=4 (local.get $t) (f32.add (f32.load offset=4 (local.get $t)) (call $sum (local.get $b))))
            (f32.store offset=8 (local.get $t) (f32.add (f32.load offset=8 (local.get $t)) (call $sum (local.get $c))))
            (f32.store offset=12 (local.get $t) (f32.add (f32.load offset=12 (local.get $t)) (call $sum (local.get $d))))
            (local.set $k (i32.add (local.get $k) (i32.const 16)))
            (br $four)))
        (block $all
          (loop $one
            (br_if $all (i32.ge_u (local.get $k) (local.get $end)))
            (local.set $p
              (i32.add
                (local.get $x)
                (i32.mul (i32.load (i32.add (local.get $inputs) (local.get $k))) (local.get $stride))))
            (local.set $a (v128.const f32x4 0 0 0 0))
            (local.set $at (i32.const 0))
            (loop $rows
              (local.set $a
                (f32x4.add
                  (local.get $a)
                  (f32x4.mul
                    (v128.load (i32.add (local.get $slopes) (local.get $at)))
                    (v128.load (i32.add (local.get $p) (local.get $at))))))
              (br_if $rows
                (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stride))))
            (local.set $t (i32.add (local.get $learned) (local.get $k)))
            (f32.store (local.get $t) (f32.add (f32.load (local.get $t)) (call $sum (local.get $a))))
            (local.set $k (i32.add (local.get $k) (i32.const 4)))
            (br $one)))
        (local.set $slopes (i32.add (local.get $slopes) (local.get $stride)))
        (local.set $starts (i32.add (local.get $starts) (i32.const 4)))
        (local.set $outputs (i32.sub (local.get $outputs) (i32.const 1)))
        (br $each))))

  ;; out[feature] += a[feature] · b[feature]; with b 0: the sum of a[feature]
  (func (export "sums")
    (param $out i32) (param $a i32) (param $b i32) (param $count i32) (param $stride i32)
    (local $at i32) (local $v v128) (local $total v128)
    (block $done
      (loop $each
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $total (v128.const f32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (loop $rows
          (local.set $v (v128.load (i32.add (local.get $a) (local.get $at))))
          (if (local.get $b)
            (then
              (local.set $v
                (f32x4.mul (local.get $v) (v128.load (i32.add (local.get $b) (local.get $at)))))))
          (local.set $total (f32x4.add (local.get $total) (local.get $v)))
          (br_if $rows
            (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stride))))
        (f32.store (local.get $out) (f32.add (f32.load (local.get $out)) (call $sum (local.get $total))))
        (if (local.get $b) (then (local.set $b (i32.add (local.get $b) (local.get $stride)))))
        (local.set $a (i32.add (local.get $a) (local.get $stride)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $each))))

  ;; out += a × b, number by number
  (func (export "multiplyAdd") (param $out i32) (param $a i32) (param $b i32) (param $count i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $four
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (v128.store
          (local.get $out)
          (f32x4.add
            (v128.load (local.get $out))
            (f32x4.mul (v128.load (local.get $a)) (v128.load (local.get $b)))))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (br $four))))

  ;; tanh by a quotient of polynomials of degree 13 and 6
  (func $tanh (param $x v128) (result v128)
    (local $s v128) (local $p v128)
    (local.set $x
      (f32x4.min
        (v128.const f32x4 7.905311 7.905311 7.905311 7.905311)
        (f32x4.max (v128.const f32x4 -7.905311 -7.905311 -7.905311 -7.905311) (local.get $x))))
    (local.set $s (f32x4.mul (local.get $x) (local.get $x)))
    (local.set $p (v128.const f32x4 -2.7607685e-16 -2.7607685e-16 -2.7607685e-16 -2.7607685e-16))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $s)) (f32x4.splat (f32.const 2.000188e-13))))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $s)) (f32x4.splat (f32.const -8.604672e-11))))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $s)) (f32x4.splat (f32.const 5.122297e-08))))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $s)) (f32x4.splat (f32.const 1.4857223e-05))))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $s)) (f32x4.splat (f32.const 6.3726195e-04))))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $s)) (f32x4.splat (f32.const 4.8935246e-03))))
    (local.set $p (f32x4.mul (local.get $p) (local.get $x)))
    (local.set $x (v128.const f32x4 1.1982584e-06 1.1982584e-06 1.1982584e-06 1.1982584e-06))
    (local.set $x (f32x4.add (f32x4.mul (local.get $x) (local.get $s)) (f32x4.splat (f32.const 1.1853471e-04))))
    (local.set $x (f32x4.add (f32x4.mul (local.get $x) (local.get $s)) (f32x4.splat (f32.const 2.2684346e-03))))
    (local.set $x (f32x4.add (f32x4.mul (local.get $x) (local.get $s)) (f32x4.splat (f32.const 4.8935252e-03))))
    (f32x4.div (local.get $p) (local.get $x)))

  ;; out = gelu(x), slopes = how steep it is there
  (func (export "gelu") (param $out i32) (param $slopes i32) (param $x i32) (param $count i32)
    (local $end i32) (local $v v128) (local $half v128) (local $square v128) (local $t v128) (local $one v128)
    (local.set $one (f32x4.splat (f32.const 1)))
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $four
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $v (v128.load (local.get $x)))
        (local.set $square (f32x4.mul (local.get $v) (local.get $v)))
        (local.set $t
          (call $tanh
            (f32x4.mul
              (f32x4.mul (f32x4.splat (f32.const 0.7978846)) (local.get $v))
              (f32x4.add (local.get $one) (f32x4.mul (f32x4.splat (f32.const 0.044715)) (local.get $square))))))
        (local.set $half (f32x4.mul (f32x4.splat (f32.const 0.5)) (local.get $v)))
        (v128.store (local.get $out) (f32x4.mul (local.get $half) (f32x4.add (local.get $one) (local.get $t))))
        (v128.store
          (local.get $slopes)
          (f32x4.add
            (f32x4.mul (f32x4.splat (f32.const 0.5)) (f32x4.add (local.get $one) (local.get $t)))
            (f32x4.mul
              (f32x4.mul (local.get $half) (f32x4.sub (local.get $one) (f32x4.mul (local.get $t) (local.get $t))))
              (f32x4.mul
                (f32x4.splat (f32.const 0.7978846))
                (f32x4.add (local.get $one) (f32x4.mul (f32x4.splat (f32.const 0.134145)) (local.get $square)))))))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $slopes (i32.add (local.get $slopes) (i32.const 16)))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br $four))))

  ;; kept = 0 where the next random number (random.ts) is under the limit, else `scale`; out = x × kept
  (func (export "drop")
    (param $out i32) (param $kept i32) (param $x i32) (param $count i32)
    (param $state i32) (param $limit i32) (param $scale f32)
    (local $end i32) (local $s v128) (local $m v128) (local $step v128) (local $k v128)
    (local.set $step (i32x4.splat (i32.const 0x6d2b79f5)))
    (local.set $s
      (i32x4.add
        (i32x4.splat (local.get $state))
        (i32x4.mul (local.get $step) (v128.const i32x4 1 2 3 4))))
    (local.set $step (i32x4.shl (local.get $step) (i32.const 2)))
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $four
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $m
          (i32x4.mul
            (v128.xor (local.get $s) (i32x4.shr_u (local.get $s) (i32.const 15)))
            (v128.or (local.get $s) (i32x4.splat (i32.const 1)))))
        (local.set $m
          (v128.xor
            (local.get $m)
            (i32x4.add
              (local.get $m)
              (i32x4.mul
                (v128.xor (local.get $m) (i32x4.shr_u (local.get $m) (i32.const 7)))
                (v128.or (local.get $m) (i32x4.splat (i32.const 61)))))))
        (local.set $m (v128.xor (local.get $m) (i32x4.shr_u (local.get $m) (i32.const 14))))
        (local.set $k
          (v128.and
            (i32x4.ge_u (local.get $m) (i32x4.splat (local.get $limit)))
            (f32x4.splat (local.get $scale))))
        (v128.store (local.get $kept) (local.get $k))
        (v128.store (local.get $out) (f32x4.mul (v128.load (local.get $x)) (local.get $k)))
        (local.set $s (i32x4.add (local.get $s) (local.get $step)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $kept (i32.add (local.get $kept) (i32.const 16)))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br $four))))

  ;; normal = each row of x with mean 0 and variance 1 over its features, inverse = 1 / its spread;
  ;; out = normal × scale[feature] + shift[feature]
  (func (export "normalize")
    (param $out i32) (param $normal i32) (param $inverse i32) (param $x i32)
    (param $scale i32) (param $shift i32) (param $features i32) (param $stride i32)
    (local $at i32) (local $from i32) (local $f i32) (local $count v128)
    (local $mean v128) (local $spread v128) (local $v v128)
    (local.set $count (f32x4.splat (f32.convert_i32_u (local.get $features))))
    (loop $rows
      (local.set $mean (v128.const f32x4 0 0 0 0))
      (local.set $from (i32.add (local.get $x) (local.get $at)))
      (local.set $f (i32.const 0))
      (loop $each
        (local.set $mean (f32x4.add (local.get $mean) (v128.load (local.get $from))))
        (local.set $from (i32.add (local.get $from) (local.get $stride)))
        (br_if $each (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 1))) (local.get $features))))
      (local.set $mean (f32x4.div (local.get $mean) (local.get $count)))
      (local.set $spread (v128.const f32x4 0 0 0 0))
      (local.set $from (i32.add (local.get $x) (local.get $at)))
      (local.set $f (i32.const 0))
      (loop $each
        (local.set $v (f32x4.sub (v128.load (local.get $from)) (local.get $mean)))
        (local.set $spread (f32x4.add (local.get $spread) (f32x4.mul (local.get $v) (local.get $v))))
        (local.set $from (i32.add (local.get $from) (local.get $stride)))
        (br_if $each (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 1))) (local.get $features))))
      (local.set $spread
        (f32x4.div
          (f32x4.splat (f32.const 1))
          (f32x4.sqrt
            (f32x4.add (f32x4.div (local.get $spread) (local.get $count)) (f32x4.splat (f32.const 1e-6))))))
      (v128.store (i32.add (local.get $inverse) (local.get $at)) (local.get $spread))
      (local.set $from (local.get $at))
      (local.set $f (i32.const 0))
      (loop $each
        (local.set $v
          (f32x4.mul
            (f32x4.sub (v128.load (i32.add (local.get $x) (local.get $from))) (local.get $mean))
            (local.get $spread)))
        (v128.store (i32.add (local.get $normal) (local.get $from)) (local.get $v))
        (v128.store
          (i32.add (local.get $out) (local.get $from))
          (f32x4.add
            (f32x4.mul
              (local.get $v)
              (v128.load32_splat (i32.add (local.get $scale) (i32.shl (local.get $f) (i32.const 2)))))
            (v128.load32_splat (i32.add (local.get $shift) (i32.shl (local.get $f) (i32.const 2))))))
        (local.set $from (i32.add (local.get $from) (local.get $stride)))
        (br_if $each (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 1))) (local.get $features))))
      (br_if $rows
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stride)))))

  ;; back += what slopes of normalize's out mean for its x
  (func (export "normalizeSlopes")
    (param $back i32) (param $slopes i32) (param $normal i32) (param $inverse i32)
    (param $scale i32) (param $features i32) (param $stride i32)
    (local $at i32) (local $from i32) (local $f i32) (local $count v128)
    (local $total v128) (local $dot v128) (local $v v128)
    (local.set $count (f32x4.splat (f32.convert_i32_u (local.get $features))))
    (loop $rows
      (local.set $total (v128.const f32x4 0 0 0 0))
      (local.set $dot (v128.const f32x4 0 0 0 0))
      (local.set $from (local.get $at))
      (local.set $f (i32.const 0))
      (loop $each
        (local.set $v
          (f32x4.mul
            (v128.load (i32.add (local.get $slopes) (local.get $from)))
            (v128.load32_splat (i32.add (local.get $scale) (i32.shl (local.get $f) (i32.const 2))))))
        (local.set $total (f32x4.add (local.get $total) (local.get $v)))
        (local.set $dot
          (f32x4.add
            (local.get $dot)
            (f32x4.mul (local.get $v) (v128.load (i32.add (local.get $normal) (local.get $from))))))
        (local.set $from (i32.add (local.get $from) (local.get $stride)))
        (br_if $each (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 1))) (local.get $features))))
      (local.set $total (f32x4.div (local.get $total) (local.get $count)))
      (local.set $dot (f32x4.div (local.get $dot) (local.get $count)))
      (local.set $from (local.get $at))
      (local.set $f (i32.const 0))
      (loop $each
        (local.set $v
          (f32x4.mul
            (v128.load (i32.add (local.get $slopes) (local.get $from)))
            (v128.load32_splat (i32.add (local.get $scale) (i32.shl (local.get $f) (i32.const 2))))))
        (v128.store
          (i32.add (local.get $back) (local.get $from))
          (f32x4.add
            (v128.load (i32.add (local.get $back) (local.get $from)))
            (f32x4.mul
              (v128.load (i32.add (local.get $inverse) (local.get $at)))
              (f32x4.sub
                (f32x4.sub (local.get $v) (local.get $total))
                (f32x4.mul (v128.load (i32.add (local.get $normal) (local.get $from))) (local.get $dot))))))
        (local.set $from (i32.add (local.get $from) (local.get $stride)))
        (br_if $each (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 1))) (local.get $features))))
      (br_if $rows
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stride)))))

  ;; out[n] = row left[n] of a · row right[n] of b; here a row is `size` bytes long. Four pairs go side by side.
  (func (export "pairProducts")
    (param $out i32) (param $a i32) (param $left i32) (param $b i32) (param $right i32)
    (param $count i32) (param $size i32)
    (local $at i32) (local $total v128) (local $second v128) (local $third v128) (local $fourth v128)
    (local $p i32) (local $p2 i32) (local $p3 i32) (local $p4 i32)
    (local $q i32) (local $q2 i32) (local $q3 i32) (local $q4 i32)
    (block $few
      (loop $quads
        (br_if $few (i32.lt_u (local.get $count) (i32.const 4)))
        (local.set $p (i32.add (local.get $a) (i32.mul (i32.load (local.get $left)) (local.get $size))))
        (local.set $p2 (i32.add (local.get $a) (i32.mul (i32.load offset=4 (local.get $left)) (local.get $size))))
        (local.set $p3 (i32.add (local.get $a) (i32.mul (i32.load offset=8 (local.get $left)) (local.get $size))))
        (local.set $p4 (i32.add (local.get $a) (i32.mul (i32.load offset=12 (local.get $left)) (local.get $size))))
        (local.set $q (i32.add (local.get $b) (i32.mul (i32.load (local.get $right)) (local.get $size))))
        (local.set $q2 (i32.add (local.get $b) (i32.mul (i32.load offset=4 (local.get $right)) (local.get $size))))
        (local.set $q3 (i32.add (local.get $b) (i32.mul (i32.load offset=8 (local.get $right)) (local.get $size))))
        (local.set $q4 (i32.add (local.get $b) (i32.mul (i32.load offset=12 (local.get $right)) (local.get $size))))
        (local.set $total (v128.const f32x4 0 0 0 0))
        (local.set $second (v128.const f32x4 0 0 0 0))
        (local.set $third (v128.const f32x4 0 0 0 0))
        (local.set $fourth (v128.const f32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (loop $four
          (local.set $total
            (f32x4.add
              (local.get $total)
              (f32x4.mul
                (v128.load (i32.add (local.get $p) (local.get $at)))
                (v128.load (i32.add (local.get $q) (local.get $at))))))
          (local.set $second
            (f32x4.add
              (local.get $second)
              (f32x4.mul
                (v128.load (i32.add (local.get $p2) (local.get $at)))
                (v128.load (i32.add (local.get $q2) (local.get $at))))))
          (local.set $third
            (f32x4.add
              (local.get $third)
              (f32x4.mul
                (v128.load (i32.add (local.get $p3) (local.get $at)))
                (v128.load (i32.add (local.get $q3) (local.get $at))))))
          (local.set $fourth
            (f32x4.add
              (local.get $fourth)
              (f32x4.mul
                (v128.load (i32.add (local.get $p4) (local.get $at)))
                (v128.load (i32.add (local.get $q4) (local.get $at))))))
          (br_if $four
            (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $size))))
        (f32.store (local.get $out) (call $sum (local.get $total)))
        (f32.store offset=4 (local.get $out) (call $sum (local.get $second)))
        (f32.store offset=8 (local.get $out) (call $sum (local.get $third)))
        (f32.store offset=12 (local.get $out) (call $sum (local.get $fourth)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $left (i32.add (local.get $left) (i32.const 16)))
        (local.set $right (i32.add (local.get $right) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $quads)))
    (block $done
      (loop $each
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $p (i32.add (local.get $a) (i32.mul (i32.load (local.get $left)) (local.get $size))))
        (local.set $q (i32.add (local.get $b) (i32.mul (i32.load (local.get $right)) (local.get $size))))
        (local.set $total (v128.const f32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (loop $four
          (local.set $total
            (f32x4.add
              (local.get $total)
              (f32x4.mul
                (v128.load (i32.add (local.get $p) (local.get $at)))
                (v128.load (i32.add (local.get $q) (local.get $at))))))
          (br_if $four
            (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $size))))
        (f32.store (local.get $out) (call $sum (local.get $total)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $left (i32.add (local.get $left) (i32.const 4)))
        (local.set $right (i32.add (local.get $right) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $each))))

  ;; row left[n] of a += scale[n] × row right[n] of b; with scale 0: + the row as it is
  (func (export "pairAdd")
    (param $a i32) (param $left i32) (param $b i32) (param $right i32) (param $scale i32)
    (param $count i32) (param $size i32)
    (local $end i32) (local $last i32) (local $p i32) (local $q i32) (local $s v128)
    (local.set $s (f32x4.splat (f32.const 1)))
    (local.set $end (i32.add (local.get $left) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $left) (local.get $end)))
        (local.set $p (i32.add (local.get $a) (i32.mul (i32.load (local.get $left)) (local.get $size))))
        (local.set $q (i32.add (local.get $b) (i32.mul (i32.load (local.get $right)) (local.get $size))))
        (local.set $last (i32.add (local.get $p) (local.get $size)))
        (if (local.get $scale)
          (then
            (local.set $s (v128.load32_splat (local.get $scale)))
            (local.set $scale (i32.add (local.get $scale) (i32.const 4)))))
        (block $few
          (loop $sixteen
            (br_if $few (i32.gt_u (i32.add (local.get $p) (i32.const 64)) (local.get $last)))
            (v128.store (local.get $p)
              (f32x4.add (v128.load (local.get $p)) (f32x4.mul (local.get $s) (v128.load (local.get $q)))))
            (v128.store offset=16 (local.get $p)
              (f32x4.add (v128.load offset=16 (local.get $p)) (f32x4.mul (local.get $s) (v128.load offset=16 (local.get $q)))))
            (v128.store offset=32 (local.get $p)
              (f32x4.add (v128.load offset=32 (local.get $p)) (f32x4.mul (local.get $s) (v128.load offset=32 (local.get $q)))))
            (v128.store offset=48 (local.get $p)
              (f32x4.add (v128.load offset=48 (local.get $p)) (f32x4.mul (local.get $s) (v128.load offset=48 (local.get $q)))))
            (local.set $p (i32.add (local.get $p) (i32.const 64)))
            (local.set $q (i32.add (local.get $q) (i32.const 64)))
            (br $sixteen)))
        (block $all
          (loop $four
            (br_if $all (i32.ge_u (local.get $p) (local.get $last)))
            (v128.store (local.get $p)
              (f32x4.add (v128.load (local.get $p)) (f32x4.mul (local.get $s) (v128.load (local.get $q)))))
            (local.set $p (i32.add (local.get $p) (i32.const 16)))
            (local.set $q (i32.add (local.get $q) (i32.const 16)))
            (br $four)))
        (local.set $left (i32.add (local.get $left) (i32.const 4)))
        (local.set $right (i32.add (local.get $right) (i32.const 4)))
        (br $each))))

  ;; a step of Adam (adam.ts says more); gradients are zero afterwards
  (func (export "adam")
    (param $values i32) (param $gradients i32) (param $means i32) (param $squares i32)
    (param $count i32) (param $rate f32) (param $penalty f32)
    (local $end i32) (local $v v128) (local $g v128) (local $m v128) (local $s v128)
    (local.set $end (i32.add (local.get $values) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $four
        (br_if $done (i32.ge_u (local.get $values) (local.get $end)))
        (local.set $v (v128.load (local.get $values)))
        (local.set $g
          (f32x4.add
            (v128.load (local.get $gradients))
            (f32x4.mul (f32x4.splat (local.get $penalty)) (local.get $v))))
        (local.set $m
          (f32x4.add
            (f32x4.mul (f32x4.splat (f32.const 0.9)) (v128.load (local.get $means)))
            (f32x4.mul (f32x4.splat (f32.const 0.1)) (local.get $g))))
        (local.set $s
          (f32x4.add
            (f32x4.mul (f32x4.splat (f32.const 0.999)) (v128.load (local.get $squares)))
            (f32x4.mul (f32x4.mul (f32x4.splat (f32.const 0.001)) (local.get $g)) (local.get $g))))
        (v128.store (local.get $means) (local.get $m))
        (v128.store (local.get $squares) (local.get $s))
        (v128.store
          (local.get $values)
          (f32x4.sub
            (local.get $v)
            (f32x4.div
              (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $m))
              (f32x4.add (f32x4.sqrt (local.get $s)) (f32x4.splat (f32.const 1e-7))))))
        (v128.store (local.get $gradients) (v128.const f32x4 0 0 0 0))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (local.set $gradients (i32.add (local.get $gradients) (i32.const 16)))
        (local.set $means (i32.add (local.get $means) (i32.const 16)))
        (local.set $squares (i32.add (local.get $squares) (i32.const 16)))
        (br $four)))))
