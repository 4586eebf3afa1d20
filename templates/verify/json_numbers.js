// Numbers of JSON: BigInt where they are whole and fit 64 bits, else Number, rounded as the command does it.

const POWERS_OF_TEN = Array.from({ length: 309 }, (_, i) => Number(`1e${i}`));

class JsonNumbers extends JsonBytes {
  number(positive) {
    const first = this.next();
    if (first < 0) throw this.error("EOF while parsing a value");
    if (first === 0x30) {
      if (this.digit() >= 0) throw this.peekError("invalid number");
      return this.afterWhole(positive, 0n);
    }
    if (first < 0x31 || first > 0x39) throw this.error("invalid number");
    let whole = BigInt(first - 0x30);
    for (let digit = this.digit(); digit >= 0; digit = this.digit()) {
      const more = whole * 10n + BigInt(digit);
      if (more > LARGEST_NUMBER) return this.longNumber(positive, whole);
      this.at++;
      whole = more;
    }
    return this.afterWhole(positive, whole);
  }

  afterWhole(positive, whole) {
    const byte = this.peek();
    if (byte === 0x2e) return this.fraction(positive, whole, 0);
    if (byte === 0x65 || byte === 0x45) return this.exponent(positive, whole, 0);
    if (positive) return whole;
    return whole === 0n || whole > 1n << 63n ? -Number(whole) : -whole;
  }

  longNumber(positive, whole) {
    let exponent = 0;
    for (; this.digit() >= 0; this.at++) exponent++;
    const byte = this.peek();
    if (byte === 0x2e) return this.fraction(positive, whole, exponent);
    if (byte === 0x65 || byte === 0x45) return this.exponent(positive, whole, exponent);
    return this.floating(positive, whole, exponent);
  }

  fraction(positive, whole, before) {
    this.at++;
    let after = 0;
    for (let digit = this.digit(); digit >= 0; digit = this.digit()) {
      const more = whole * 10n + BigInt(digit);
      if (more > LARGEST_NUMBER) {
        // Further digits do not count.
        while (this.digit() >= 0) this.at++;
        return this.afterFraction(positive, whole, before + after);
      }
      this.at++;
      whole = more;
      after--;
    }
    if (after === 0) {
      throw this.peekError(this.peek() >= 0 ? "invalid number" : "EOF while parsing a value");
    }
    return this.afterFraction(positive, whole, before + after);
  }

  afterFraction(positive, whole, exponent) {
    const byte = this.peek();
    const more = byte === 0x65 || byte === 0x45;
    return more ? this.exponent(positive, whole, exponent) : this.floating(positive, whole, exponent);
  }

  exponent(positive, whole, start) {
    this.at++;
    const sign = this.peek();
    const up = sign !== 0x2d;
    if (sign === 0x2b || sign === 0x2d) this.at++;
    const first = this.next();
    if (first < 0) throw this.error("EOF while parsing a value");
    if (first < 0x30 || first > 0x39) throw this.error("invalid number");
    let exponent = first - 0x30;
    for (let digit = this.digit(); digit >= 0; digit = this.digit()) {
      this.at++;
      exponent = exponent * 10 + digit;
      if (exponent > 0x7fffffff) {
        if (whole !== 0n && up) throw this.error("number out of range");
        while (this.digit() >= 0) this.at++;
        return positive ? 0 : -0;
      }
    }
    return this.floating(positive, whole, up ? start + exponent : start - exponent);
  }

  floating(positive, whole, exponent) {
    let value = Number(whole);
    for (;;) {
      const power = POWERS_OF_TEN[Math.abs(exponent)];
      if (power !== undefined) {
        value = exponent >= 0 ? value * power : value / power;
        if (value === Infinity) throw this.error("number out of range");
        break;
      }
      if (value === 0) break;
      if (exponent >= 0) throw this.error("number out of range");
      value /= 1e308;
      exponent += 308;
    }
    return positive ? value : -value;
  }

  ignoreNumber() {
    const first = this.next();
    if (first === 0x30) {
      if (this.digit() >= 0) throw this.peekError("invalid number");
    } else if (first >= 0x31 && first <= 0x39) {
      while (this.digit() >= 0) this.at++;
    } else {
      throw this.error("invalid number");
    }
    if (this.peek() === 0x2e) {
      this.at++;
      if (this.digit() < 0) throw this.peekError("invalid number");
      while (this.digit() >= 0) this.at++;
    }
    const byte = this.peek();
    if (byte === 0x65 || byte === 0x45) {
      this.at++;
      const sign = this.peek();
      if (sign === 0x2b || sign === 0x2d) this.at++;
      const digit = this.next();
      if (digit < 0x30 || digit > 0x39) throw this.error("invalid number");
      while (this.digit() >= 0) this.at++;
    }
  }
}
