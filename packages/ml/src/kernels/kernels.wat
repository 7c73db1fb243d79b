;; The inner loops of training, four numbers at a time. Addresses and counts are in bytes and items; `stride` is the length
;; of a row of weights in bytes and a multiple of 16. Multiplications and additions are rounded one by one (no fused ones),
;; so that plain-kernels.ts and every machine give the same bits. `tools/build-kernels.mjs` makes kernels-wasm.ts of this.
(module
  (import "memory" "memory" (memory 0))

  ;; out += for each entry: value × its column's row of weights
  (func (export "gather")
    (param $out i32) (param $weights i32) (param $stride i32)
    (param $columns i32) (param $values i32) (param $count i32)
    (local $end i32) (local $row i32) (local $at i32) (local $scale v128)
    (local.set $end (i32.add (local.get $columns) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $entries
        (br_if $done (i32.ge_u (local.get $columns) (local.get $end)))
        (local.set $scale (v128.load32_splat (local.get $values)))
        (local.set $row
          (i32.add (local.get $weights) (i32.mul (i32.load (local.get $columns)) (local.get $stride))))
        (local.set $at (i32.const 0))
        (loop $lanes
          (v128.store
            (i32.add (local.get $out) (local.get $at))
            (f32x4.add
              (v128.load (i32.add (local.get $out) (local.get $at)))
              (f32x4.mul (local.get $scale) (v128.load (i32.add (local.get $row) (local.get $at))))))
          (br_if $lanes
            (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stride))))
        (local.set $columns (i32.add (local.get $columns) (i32.const 4)))
        (local.set $values (i32.add (local.get $values) (i32.const 4)))
        (br $entries))))

  ;; each entry's row of weights += (rate × value) × delta
  (func (export "scatter")
    (param $weights i32) (param $stride i32)
    (param $columns i32) (param $values i32) (param $count i32) (param $delta i32) (param $rate f32)
    (local $end i32) (local $row i32) (local $at i32) (local $scale v128)
    (local.set $end (i32.add (local.get $columns) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $entries
        (br_if $done (i32.ge_u (local.get $columns) (local.get $end)))
        (local.set $scale (f32x4.splat (f32.mul (local.get $rate) (f32.load (local.get $values)))))
        (local.set $row
          (i32.add (local.get $weights) (i32.mul (i32.load (local.get $columns)) (local.get $stride))))
        (local.set $at (i32.const 0))
        (loop $lanes
          (v128.store
            (i32.add (local.get $row) (local.get $at))
            (f32x4.add
              (v128.load (i32.add (local.get $row) (local.get $at)))
              (f32x4.mul (local.get $scale) (v128.load (i32.add (local.get $delta) (local.get $at))))))
          (br_if $lanes
            (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stride))))
        (local.set $columns (i32.add (local.get $columns) (i32.const 4)))
        (local.set $values (i32.add (local.get $values) (i32.const 4)))
        (br $entries))))

  ;; out[r] = row r of the weights · vector, each in four sums that are added up as (0 + 2) + (1 + 3)
  (func (export "products")
    (param $out i32) (param $weights i32) (param $stride i32) (param $count i32) (param $vector i32)
    (local $end i32) (local $at i32) (local $sum v128)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $sum (v128.const f32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (loop $lanes
          (local.set $sum
            (f32x4.add
              (local.get $sum)
              (f32x4.mul
                (v128.load (i32.add (local.get $weights) (local.get $at)))
                (v128.load (i32.add (local.get $vector) (local.get $at))))))
          (br_if $lanes
            (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stride))))
        (f32.store
          (local.get $out)
          (f32.add
            (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 2 (local.get $sum)))
            (f32.add (f32x4.extract_lane 1 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum)))))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $weights (i32.add (local.get $weights) (local.get $stride)))
        (br $rows)))))
