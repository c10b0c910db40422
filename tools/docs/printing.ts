/**
 * Types of `deno doc --json` as TypeScript writes them.
 *
 * @module
 */

/** A type, as `deno doc` takes it apart. */
export interface TsType {
  readonly kind: string;
  readonly repr?: string;
  readonly value?: unknown;
}

/** A parameter of a function. */
export interface TsParam {
  readonly kind: string;
  readonly name?: string;
  readonly optional?: boolean;
  readonly tsType?: TsType;
  readonly left?: TsParam;
  readonly arg?: TsParam;
}

interface Signature {
  readonly params?: readonly TsParam[];
  readonly returnType?: TsType;
  readonly tsType?: TsType;
  readonly constructor?: boolean;
}

interface Property {
  readonly name: string;
  readonly optional?: boolean;
  readonly tsType?: TsType;
}

/** Prints a type in one line. */
export function printType(type: TsType): string {
  const value = type.value as never;
  switch (type.kind) {
    case "union":
      return list(value, " | ");
    case "intersection":
      return list(value, " & ");
    case "tuple":
      return `[${list(value, ", ")}]`;
    case "array":
      return `${group(value)}[]`;
    case "rest":
      return `...${printType(value)}`;
    case "optional":
      return `${printType(value)}?`;
    case "parenthesized":
      return `(${printType(value)})`;
    case "typeOperator": {
      const { operator, tsType } = value as {
        operator: string;
        tsType: TsType;
      };
      return `${operator} ${printType(tsType)}`;
    }
    case "typeRef": {
      const { typeName, typeParams } = value as {
        typeName: string;
        typeParams?: readonly TsType[];
      };
      return typeParams?.length
        ? `${typeName}<${list(typeParams, ", ")}>`
        : typeName;
    }
    case "literal":
      return printLiteral(value);
    case "fnOrConstructor": {
      const { params = [], constructor: isNew, tsType } = value as Signature;
      const result = tsType === undefined ? "void" : printType(tsType);
      return `${isNew === true ? "new " : ""}(${
        printParams(params)
      }) => ${result}`;
    }
    case "indexedAccess": {
      const { objType, indexType } = value as {
        objType: TsType;
        indexType: TsType;
      };
      return `${printType(objType)}[${printType(indexType)}]`;
    }
    case "typeLiteral": {
      const { properties = [] } = value as { properties?: readonly Property[] };
      return `{ ${
        properties.map((it) =>
          `${it.name}${it.optional ? "?" : ""}: ${
            it.tsType ? printType(it.tsType) : "unknown"
          }`
        ).join("; ")
      } }`;
    }
    case "typeQuery":
      return `typeof ${type.repr || value}`;
    default:
      return type.repr || "unknown";
  }
}

/** Prints parameters, each with its type. */
export function printParams(params: readonly TsParam[]): string {
  return params.map((param) => {
    const inner = param.left ?? param.arg ?? param;
    const type = inner.tsType ?? param.tsType;
    const name = inner.name ?? "options";
    const rest = param.kind === "rest" ? "..." : "";
    const optional = inner.optional || param.kind === "assign" ? "?" : "";
    return `${rest}${name}${optional}${
      type === undefined ? "" : `: ${printType(type)}`
    }`;
  }).join(", ");
}

function list(types: readonly TsType[], between: string): string {
  return types.map(printType).join(between);
}

function group(type: TsType): string {
  const text = printType(type);
  return /[|&]|=>/.test(text) && type.kind !== "parenthesized"
    ? `(${text})`
    : text;
}

function printLiteral(
  literal: { readonly kind: string } & Record<string, unknown>,
): string {
  if (literal.kind === "string") return JSON.stringify(literal["string"]);
  return String(literal[literal.kind] ?? literal["number"] ?? "unknown");
}
