// Made from web/worker/gpu_engine.ts by `deno task page`: change that instead.
(()=>{Symbol.dispose??=Symbol("Symbol.dispose"),Symbol.asyncDispose??=Symbol("Symbol.asyncDispose");var zu=Object.create,rs=Object.defineProperty,Bu=Object.getOwnPropertyDescriptor,mn=Object.getOwnPropertyNames,_u=Object.getPrototypeOf,Ou=Object.prototype.hasOwnProperty,ss=(e,t)=>function(){return t||(0,e[mn(e)[0]])((t={exports:{}}).exports,t),t.exports},Je=(e,t)=>{for(var r in t)rs(e,r,{get:t[r],enumerable:!0})},Lu=(e,t,r,s)=>{if(t&&typeof t=="object"||typeof t=="function")for(let n of mn(t))!Ou.call(e,n)&&n!==r&&rs(e,n,{get:()=>t[n],enumerable:!(s=Bu(t,n))||s.enumerable});return e},Wu=(e,t,r)=>(r=e!=null?zu(_u(e)):{},Lu(rs(r,"default",{value:e,enumerable:!0}),e)),Uu=ss({"npm:long/4.0.0/src/long.js"(e,t){t.exports=s;var r=null;try{r=new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,13,2,96,0,1,127,96,4,127,127,127,127,1,127,3,7,6,0,1,1,1,1,1,6,6,1,127,1,65,0,11,7,50,6,3,109,117,108,0,1,5,100,105,118,95,115,0,2,5,100,105,118,95,117,0,3,5,114,101,109,95,115,0,4,5,114,101,109,95,117,0,5,8,103,101,116,95,104,105,103,104,0,0,10,191,1,6,4,0,35,0,11,36,1,1,126,32,0,173,32,1,173,66,32,134,132,32,2,173,32,3,173,66,32,134,132,126,34,4,66,32,135,167,36,0,32,4,167,11,36,1,1,126,32,0,173,32,1,173,66,32,134,132,32,2,173,32,3,173,66,32,134,132,127,34,4,66,32,135,167,36,0,32,4,167,11,36,1,1,126,32,0,173,32,1,173,66,32,134,132,32,2,173,32,3,173,66,32,134,132,128,34,4,66,32,135,167,36,0,32,4,167,11,36,1,1,126,32,0,173,32,1,173,66,32,134,132,32,2,173,32,3,173,66,32,134,132,129,34,4,66,32,135,167,36,0,32,4,167,11,36,1,1,126,32,0,173,32,1,173,66,32,134,132,32,2,173,32,3,173,66,32,134,132,130,34,4,66,32,135,167,36,0,32,4,167,11])),{}).exports}catch{}function s(k,v,A){this.low=k|0,this.high=v|0,this.unsigned=!!A}s.prototype.__isLong__,Object.defineProperty(s.prototype,"__isLong__",{value:!0});function n(k){return(k&&k.__isLong__)===!0}s.isLong=n;var o={},i={};function a(k,v){var A,F,V;return v?(k>>>=0,(V=0<=k&&k<256)&&(F=i[k],F)?F:(A=l(k,(k|0)<0?-1:0,!0),V&&(i[k]=A),A)):(k|=0,(V=-128<=k&&k<128)&&(F=o[k],F)?F:(A=l(k,k<0?-1:0,!1),V&&(o[k]=A),A))}s.fromInt=a;function u(k,v){if(isNaN(k))return v?S:x;if(v){if(k<0)return S;if(k>=m)return z}else{if(k<=-w)return W;if(k+1>=w)return M}return k<0?u(-k,v).neg():l(k%g|0,k/g|0,v)}s.fromNumber=u;function l(k,v,A){return new s(k,v,A)}s.fromBits=l;var h=Math.pow;function c(k,v,A){if(k.length===0)throw Error("empty string");if(k==="NaN"||k==="Infinity"||k==="+Infinity"||k==="-Infinity")return x;if(typeof v=="number"?(A=v,v=!1):v=!!v,A=A||10,A<2||36<A)throw RangeError("radix");var F;if((F=k.indexOf("-"))>0)throw Error("interior hyphen");if(F===0)return c(k.substring(1),v,A).neg();for(var V=u(h(A,8)),K=x,Q=0;Q<k.length;Q+=8){var ne=Math.min(8,k.length-Q),he=parseInt(k.substring(Q,Q+ne),A);if(ne<8){var ie=u(h(A,ne));K=K.mul(ie).add(u(he))}else K=K.mul(V),K=K.add(u(he))}return K.unsigned=v,K}s.fromString=c;function d(k,v){return typeof k=="number"?u(k,v):typeof k=="string"?c(k,v):l(k.low,k.high,typeof v=="boolean"?v:k.unsigned)}s.fromValue=d;var p=65536,f=1<<24,g=p*p,m=g*g,w=m/2,y=a(f),x=a(0);s.ZERO=x;var S=a(0,!0);s.UZERO=S;var C=a(1);s.ONE=C;var R=a(1,!0);s.UONE=R;var E=a(-1);s.NEG_ONE=E;var M=l(-1,2147483647,!1);s.MAX_VALUE=M;var z=l(-1,-1,!0);s.MAX_UNSIGNED_VALUE=z;var W=l(0,-2147483648,!1);s.MIN_VALUE=W;var $=s.prototype;$.toInt=function(){return this.unsigned?this.low>>>0:this.low},$.toNumber=function(){return this.unsigned?(this.high>>>0)*g+(this.low>>>0):this.high*g+(this.low>>>0)},$.toString=function(v){if(v=v||10,v<2||36<v)throw RangeError("radix");if(this.isZero())return"0";if(this.isNegative())if(this.eq(W)){var A=u(v),F=this.div(A),V=F.mul(A).sub(this);return F.toString(v)+V.toInt().toString(v)}else return"-"+this.neg().toString(v);for(var K=u(h(v,6),this.unsigned),Q=this,ne="";;){var he=Q.div(K),ie=Q.sub(he.mul(K)).toInt()>>>0,te=ie.toString(v);if(Q=he,Q.isZero())return te+ne;for(;te.length<6;)te="0"+te;ne=""+te+ne}},$.getHighBits=function(){return this.high},$.getHighBitsUnsigned=function(){return this.high>>>0},$.getLowBits=function(){return this.low},$.getLowBitsUnsigned=function(){return this.low>>>0},$.getNumBitsAbs=function(){if(this.isNegative())return this.eq(W)?64:this.neg().getNumBitsAbs();for(var v=this.high!=0?this.high:this.low,A=31;A>0&&(v&1<<A)==0;A--);return this.high!=0?A+33:A+1},$.isZero=function(){return this.high===0&&this.low===0},$.eqz=$.isZero,$.isNegative=function(){return!this.unsigned&&this.high<0},$.isPositive=function(){return this.unsigned||this.high>=0},$.isOdd=function(){return(this.low&1)===1},$.isEven=function(){return(this.low&1)===0},$.equals=function(v){return n(v)||(v=d(v)),this.unsigned!==v.unsigned&&this.high>>>31===1&&v.high>>>31===1?!1:this.high===v.high&&this.low===v.low},$.eq=$.equals,$.notEquals=function(v){return!this.eq(v)},$.neq=$.notEquals,$.ne=$.notEquals,$.lessThan=function(v){return this.comp(v)<0},$.lt=$.lessThan,$.lessThanOrEqual=function(v){return this.comp(v)<=0},$.lte=$.lessThanOrEqual,$.le=$.lessThanOrEqual,$.greaterThan=function(v){return this.comp(v)>0},$.gt=$.greaterThan,$.greaterThanOrEqual=function(v){return this.comp(v)>=0},$.gte=$.greaterThanOrEqual,$.ge=$.greaterThanOrEqual,$.compare=function(v){if(n(v)||(v=d(v)),this.eq(v))return 0;var A=this.isNegative(),F=v.isNegative();return A&&!F?-1:!A&&F?1:this.unsigned?v.high>>>0>this.high>>>0||v.high===this.high&&v.low>>>0>this.low>>>0?-1:1:this.sub(v).isNegative()?-1:1},$.comp=$.compare,$.negate=function(){return!this.unsigned&&this.eq(W)?W:this.not().add(C)},$.neg=$.negate,$.add=function(v){n(v)||(v=d(v));var A=this.high>>>16,F=this.high&65535,V=this.low>>>16,K=this.low&65535,Q=v.high>>>16,ne=v.high&65535,he=v.low>>>16,ie=v.low&65535,te=0,Ce=0,le=0,Re=0;return Re+=K+ie,le+=Re>>>16,Re&=65535,le+=V+he,Ce+=le>>>16,le&=65535,Ce+=F+ne,te+=Ce>>>16,Ce&=65535,te+=A+Q,te&=65535,l(le<<16|Re,te<<16|Ce,this.unsigned)},$.subtract=function(v){return n(v)||(v=d(v)),this.add(v.neg())},$.sub=$.subtract,$.multiply=function(v){if(this.isZero())return x;if(n(v)||(v=d(v)),r){var A=r.mul(this.low,this.high,v.low,v.high);return l(A,r.get_high(),this.unsigned)}if(v.isZero())return x;if(this.eq(W))return v.isOdd()?W:x;if(v.eq(W))return this.isOdd()?W:x;if(this.isNegative())return v.isNegative()?this.neg().mul(v.neg()):this.neg().mul(v).neg();if(v.isNegative())return this.mul(v.neg()).neg();if(this.lt(y)&&v.lt(y))return u(this.toNumber()*v.toNumber(),this.unsigned);var F=this.high>>>16,V=this.high&65535,K=this.low>>>16,Q=this.low&65535,ne=v.high>>>16,he=v.high&65535,ie=v.low>>>16,te=v.low&65535,Ce=0,le=0,Re=0,ts=0;return ts+=Q*te,Re+=ts>>>16,ts&=65535,Re+=K*te,le+=Re>>>16,Re&=65535,Re+=Q*ie,le+=Re>>>16,Re&=65535,le+=V*te,Ce+=le>>>16,le&=65535,le+=K*ie,Ce+=le>>>16,le&=65535,le+=Q*he,Ce+=le>>>16,le&=65535,Ce+=F*te+V*ie+K*he+Q*ne,Ce&=65535,l(Re<<16|ts,Ce<<16|le,this.unsigned)},$.mul=$.multiply,$.divide=function(v){if(n(v)||(v=d(v)),v.isZero())throw Error("division by zero");if(r){if(!this.unsigned&&this.high===-2147483648&&v.low===-1&&v.high===-1)return this;var A=(this.unsigned?r.div_u:r.div_s)(this.low,this.high,v.low,v.high);return l(A,r.get_high(),this.unsigned)}if(this.isZero())return this.unsigned?S:x;var F,V,K;if(this.unsigned){if(v.unsigned||(v=v.toUnsigned()),v.gt(this))return S;if(v.gt(this.shru(1)))return R;K=S}else{if(this.eq(W)){if(v.eq(C)||v.eq(E))return W;if(v.eq(W))return C;var Q=this.shr(1);return F=Q.div(v).shl(1),F.eq(x)?v.isNegative()?C:E:(V=this.sub(v.mul(F)),K=F.add(V.div(v)),K)}else if(v.eq(W))return this.unsigned?S:x;if(this.isNegative())return v.isNegative()?this.neg().div(v.neg()):this.neg().div(v).neg();if(v.isNegative())return this.div(v.neg()).neg();K=x}for(V=this;V.gte(v);){F=Math.max(1,Math.floor(V.toNumber()/v.toNumber()));for(var ne=Math.ceil(Math.log(F)/Math.LN2),he=ne<=48?1:h(2,ne-48),ie=u(F),te=ie.mul(v);te.isNegative()||te.gt(V);)F-=he,ie=u(F,this.unsigned),te=ie.mul(v);ie.isZero()&&(ie=C),K=K.add(ie),V=V.sub(te)}return K},$.div=$.divide,$.modulo=function(v){if(n(v)||(v=d(v)),r){var A=(this.unsigned?r.rem_u:r.rem_s)(this.low,this.high,v.low,v.high);return l(A,r.get_high(),this.unsigned)}return this.sub(this.div(v).mul(v))},$.mod=$.modulo,$.rem=$.modulo,$.not=function(){return l(~this.low,~this.high,this.unsigned)},$.and=function(v){return n(v)||(v=d(v)),l(this.low&v.low,this.high&v.high,this.unsigned)},$.or=function(v){return n(v)||(v=d(v)),l(this.low|v.low,this.high|v.high,this.unsigned)},$.xor=function(v){return n(v)||(v=d(v)),l(this.low^v.low,this.high^v.high,this.unsigned)},$.shiftLeft=function(v){return n(v)&&(v=v.toInt()),(v&=63)===0?this:v<32?l(this.low<<v,this.high<<v|this.low>>>32-v,this.unsigned):l(0,this.low<<v-32,this.unsigned)},$.shl=$.shiftLeft,$.shiftRight=function(v){return n(v)&&(v=v.toInt()),(v&=63)===0?this:v<32?l(this.low>>>v|this.high<<32-v,this.high>>v,this.unsigned):l(this.high>>v-32,this.high>=0?0:-1,this.unsigned)},$.shr=$.shiftRight,$.shiftRightUnsigned=function(v){if(n(v)&&(v=v.toInt()),v&=63,v===0)return this;var A=this.high;if(v<32){var F=this.low;return l(F>>>v|A<<32-v,A>>>v,this.unsigned)}else return v===32?l(A,0,this.unsigned):l(A>>>v-32,0,this.unsigned)},$.shru=$.shiftRightUnsigned,$.shr_u=$.shiftRightUnsigned,$.toSigned=function(){return this.unsigned?l(this.low,this.high,!1):this},$.toUnsigned=function(){return this.unsigned?this:l(this.low,this.high,!0)},$.toBytes=function(v){return v?this.toBytesLE():this.toBytesBE()},$.toBytesLE=function(){var v=this.high,A=this.low;return[A&255,A>>>8&255,A>>>16&255,A>>>24,v&255,v>>>8&255,v>>>16&255,v>>>24]},$.toBytesBE=function(){var v=this.high,A=this.low;return[v>>>24,v>>>16&255,v>>>8&255,v&255,A>>>24,A>>>16&255,A>>>8&255,A&255]},s.fromBytes=function(v,A,F){return F?s.fromBytesLE(v,A):s.fromBytesBE(v,A)},s.fromBytesLE=function(v,A){return new s(v[0]|v[1]<<8|v[2]<<16|v[3]<<24,v[4]|v[5]<<8|v[6]<<16|v[7]<<24,A)},s.fromBytesBE=function(v,A){return new s(v[4]<<24|v[5]<<16|v[6]<<8|v[7],v[0]<<24|v[1]<<16|v[2]<<8|v[3],A)}}}),Vu=ss({"deno:\0deno-browser-disabled:node-fetch"(e,t){t.exports={}}}),Gu=ss({"deno:\0deno-browser-disabled:util"(e,t){t.exports={}}}),qu=1e-7,Hu=1e-4,Ku=class{constructor(e,t){this.backend=e,this.dataMover=t,this.data=new WeakMap,this.dataIdsCount=0}get(e){return this.data.has(e)||this.dataMover.moveData(this.backend,e),this.data.get(e)}set(e,t){this.dataIdsCount++,this.data.set(e,t)}has(e){return this.data.has(e)}delete(e){return this.dataIdsCount--,this.data.delete(e)}numDataIds(){return this.dataIdsCount}},gn=class{refCount(e){return ye("refCount")}incRef(e){return ye("incRef")}timerAvailable(){return!0}time(e){return ye("time")}read(e){return ye("read")}readSync(e){return ye("readSync")}readToGPU(e,t){return ye("readToGPU")}numDataIds(){return ye("numDataIds")}disposeData(e,t){return ye("disposeData")}write(e,t,r){return ye("write")}move(e,t,r,s,n){return ye("move")}createTensorFromGPUData(e,t,r){return ye("createTensorFromGPUData")}memory(){return ye("memory")}floatPrecision(){return ye("floatPrecision")}epsilon(){return this.floatPrecision()===32?qu:Hu}dispose(){return ye("dispose")}};function ye(e){throw new Error(`'${e}' not yet implemented or not found in the registry. This kernel may not be supported by the tfjs backend you have chosen`)}function wn(e){let t=e.length,r=0;for(;t>0;)r=Math.random()*t|0,t--,mr(e,t,r)}function ju(e,t){if(e.length!==t.length)throw new Error(`Array sizes must match to be shuffled together First array length was ${e.length}Second array length was ${t.length}`);let r=e.length,s=0;for(;r>0;)s=Math.random()*r|0,r--,mr(e,r,s),mr(t,r,s)}function jt(e,t,r){return Math.max(e,Math.min(t,r))}function Xu(e){return e%2===0?e:e+1}function mr(e,t,r){const s=e[t];e[t]=e[r],e[r]=s}function Qu(e){let t=0;for(let r=0;r<e.length;r++)t+=e[r];return t}function Yu(e,t){const r=Math.random();return t*r+(1-r)*e}function Zu(e,t){let r=0;for(let s=0;s<e.length;s++){const n=Number(e[s])-Number(t[s]);r+=n*n}return r}function _(e,t){if(!e)throw new Error(typeof t=="string"?t:t())}function vn(e,t,r=""){_(gr(e,t),()=>r+` Shapes ${e} and ${t} must match`)}function Ju(e){_(e!=null,()=>"The input to the tensor constructor must be a non-null value.")}function pe(e){if(e.length===0)return 1;let t=e[0];for(let r=1;r<e.length;r++)t*=e[r];return t}function el(e){return e.length===0}function tl(e,t){if(e===t)return!0;if(e==null||t==null||e.length!==t.length)return!1;for(let r=0;r<e.length;r++)if(e[r]!==null&&t[r]!==null&&e[r]!==t[r])return!1;return!0}function gr(e,t){if(e===t)return!0;if(e==null||t==null||e.length!==t.length)return!1;for(let r=0;r<e.length;r++)if(e[r]!==t[r])return!1;return!0}function wr(e){return e%1===0}function rl(e){if(Math.tanh!=null)return Math.tanh(e);if(e===1/0)return 1;if(e===-1/0)return-1;{const t=Math.exp(2*e);return(t-1)/(t+1)}}function sl(e){const t=Math.ceil(Math.sqrt(e));return[t,Math.ceil(e/t)]}function nl(e){const t=new Uint32Array(e);for(let r=0;r<e;++r)t[r]=r;return wn(t),t}function Xt(e,t){return t<=e.length?e:e+" ".repeat(t-e.length)}function ol(e,t=n=>0,r,s){return new Promise((n,o)=>{let i=0;const a=()=>{if(e()){n();return}i++;const u=t(i);if(r!=null&&i>=r){o();return}s!=null?s(a,u):setTimeout(a,u)};a()})}function il(e,t){let r=1,s=-1;for(let o=0;o<e.length;++o)if(e[o]>=0)r*=e[o];else if(e[o]===-1){if(s!==-1)throw Error(`Shapes can only have 1 implicit size. Found -1 at dim ${s} and dim ${o}`);s=o}else if(e[o]<0)throw Error(`Shapes can not be < 0. Found ${e[o]} at dim ${o}`);if(s===-1){if(t>0&&t!==r)throw Error(`Size(${t}) must match the product of shape ${e}`);return e}if(r===0)throw Error(`Cannot infer the missing size in [${e}] when there are 0 elements`);if(t%r!==0)throw Error(`The implicit shape can't be a fractional number. Got ${t} / ${r}`);const n=e.slice();return n[s]=t/r,n}function xn(e,t){const r=t.length;return e=e==null?t.map((s,n)=>n):[].concat(e),_(e.every(s=>s>=-r&&s<r),()=>`All values in axis param must be in range [-${r}, ${r}) but got axis ${e}`),_(e.every(s=>wr(s)),()=>`All values in axis param must be integers but got axis ${e}`),e.map(s=>s<0?r+s:s)}function al(e,t){const r=[],s=[],n=t!=null&&Array.isArray(t)&&t.length===0,o=t==null||n?null:xn(t,e).sort();let i=0;for(let a=0;a<e.length;++a){if(o!=null){if(o[i]===a&&e[a]!==1)throw new Error(`Can't squeeze axis ${a} since its dim '${e[a]}' is not 1`);(o[i]==null||o[i]>a)&&e[a]===1&&(r.push(e[a]),s.push(a)),o[i]<=a&&i++}e[a]!==1&&(r.push(e[a]),s.push(a))}return{newShape:r,keptDims:s}}function ul(e,t){return ns(e,t)}function ns(e,t){let r=null;if(e==null||e==="float32")r=new Float32Array(t);else if(e==="int32")r=new Int32Array(t);else if(e==="bool")r=new Uint8Array(t);else if(e==="string")r=new Array(t);else throw new Error(`Unknown data type ${e}`);return r}function yn(e,t){for(let r=0;r<e.length;r++){const s=e[r];if(isNaN(s)||!isFinite(s))throw Error(`A tensor of type ${t} being uploaded contains ${s}.`)}}function bn(e){return e==="bool"||e==="complex64"||e==="float32"||e==="int32"||e==="string"}function ll(e,t){return!(t==="complex64"||t==="float32"&&e!=="complex64"||t==="int32"&&e!=="float32"&&e!=="complex64"||t==="bool"&&e==="bool")}function vr(e){if(e==="float32"||e==="int32")return 4;if(e==="complex64")return 8;if(e==="bool")return 1;throw new Error(`Unknown dtype ${e}`)}function Sn(e){if(e==null)return 0;let t=0;return e.forEach(r=>t+=r.length),t}function xr(e){return typeof e=="string"||e instanceof String}function Cn(e){return typeof e=="boolean"}function In(e){return typeof e=="number"}function Qt(e){return Array.isArray(e)?Qt(e[0]):e instanceof Float32Array?"float32":e instanceof Int32Array||e instanceof Uint8Array||e instanceof Uint8ClampedArray?"int32":In(e)?"float32":xr(e)?"string":Cn(e)?"bool":"float32"}function yr(e){return!!(e&&e.constructor&&e.call&&e.apply)}function br(e,t){for(let r=t;r<e;++r)if(e%r===0)return r;return e}function kt(e){const t=e.length;if(t<2)return[];const r=new Array(t-1);r[t-2]=e[t-1];for(let s=t-3;s>=0;--s)r[s]=r[s+1]*e[s+1];return r}function kn(e,t,r,s=!1){const n=new Array;if(t.length===1){const o=t[0]*(s?2:1);for(let i=0;i<o;i++)n[i]=r[e+i]}else{const o=t[0],i=t.slice(1),a=i.reduce((u,l)=>u*l)*(s?2:1);for(let u=0;u<o;u++)n[u]=kn(e+u*a,i,r,s)}return n}function $t(e,t,r=!1){if(e.length===0)return t[0];const s=e.reduce((n,o)=>n*o)*(r?2:1);if(s===0)return[];if(s!==t.length)throw new Error(`[${e}] does not match the input size ${t.length}${r?" for a complex tensor":""}.`);return kn(0,e,t,r)}function cl(e,t){if(Array.isArray(e))return e;if(t==="float32")return e instanceof Float32Array?e:new Float32Array(e);if(t==="int32")return e instanceof Int32Array?e:new Int32Array(e);if(t==="bool"||t==="string")return Uint8Array.from(new Int32Array(e));throw new Error(`Unknown dtype ${t}`)}function $n(e,t){const r=Sr(e,t);for(let s=0;s<r.length;s++)r[s]=1;return r}function Sr(e,t){if(t==null||t==="float32"||t==="complex64")return new Float32Array(e);if(t==="int32")return new Int32Array(e);if(t==="bool")return new Uint8Array(e);throw new Error(`Unknown data type ${t}`)}function dl(e,t){const r=e.reduce((s,n)=>s*n,1);if(t==null||t==="float32")return $t(e,new Float32Array(r));if(t==="int32")return $t(e,new Int32Array(r));if(t==="bool")return $t(e,new Uint8Array(r));throw new Error(`Unknown data type ${t}`)}function Rt(e){e.forEach(t=>{_(Number.isInteger(t)&&t>=0,()=>`Tensor must have a shape comprised of positive integers but got shape [${e}].`)})}function hl(e,t,r){if(t===0)return 0;if(t===1)return e[0];let s=e[e.length-1];for(let n=0;n<e.length-1;++n)s+=r[n]*e[n];return s}function pl(e,t,r){if(t===0)return[];if(t===1)return[e];const s=new Array(t);for(let n=0;n<s.length-1;++n)s[n]=Math.floor(e/r[n]),e-=s[n]*r[n];return s[s.length-1]=e,s}function Cr(e){return e&&e.then&&typeof e.then=="function"}var Rn="tfjsflags",fl=class{constructor(e){this.global=e,this.flags={},this.flagRegistry={},this.urlFlags={},this.getQueryParams=ml,this.populateURLFlags()}setPlatform(e,t){this.platform!=null&&(L().getBool("IS_TEST")||L().getBool("PROD")||console.warn(`Platform ${this.platformName} has already been set. Overwriting the platform with ${e}.`)),this.platformName=e,this.platform=t}registerFlag(e,t,r){if(this.flagRegistry[e]={evaluationFn:t,setHook:r},this.urlFlags[e]!=null){const s=this.urlFlags[e];L().getBool("IS_TEST")||L().getBool("PROD")||console.warn(`Setting feature override from URL ${e}: ${s}.`),this.set(e,s)}}async getAsync(e){return e in this.flags?this.flags[e]:(this.flags[e]=await this.evaluateFlag(e),this.flags[e])}get(e){if(e in this.flags)return this.flags[e];const t=this.evaluateFlag(e);if(Cr(t))throw new Error(`Flag ${e} cannot be synchronously evaluated. Please use getAsync() instead.`);return this.flags[e]=t,this.flags[e]}getNumber(e){return this.get(e)}getBool(e){return this.get(e)}getString(e){return this.get(e)}getFlags(){return this.flags}get features(){return this.flags}set(e,t){if(this.flagRegistry[e]==null)throw new Error(`Cannot set flag ${e} as it has not been registered.`);this.flags[e]=t,this.flagRegistry[e].setHook!=null&&this.flagRegistry[e].setHook(t)}evaluateFlag(e){if(this.flagRegistry[e]==null)throw new Error(`Cannot evaluate flag '${e}': no evaluation function found.`);return this.flagRegistry[e].evaluationFn()}setFlags(e){this.flags=Object.assign({},e)}reset(){this.flags={},this.urlFlags={},this.populateURLFlags()}populateURLFlags(){if(typeof this.global>"u"||typeof this.global.location>"u"||typeof this.global.location.search>"u")return;const e=this.getQueryParams(this.global.location.search);Rn in e&&e[Rn].split(",").forEach(r=>{const[s,n]=r.split(":");this.urlFlags[s]=wl(s,n)})}};function ml(e){const t={};return e.replace(/[?&]([^=?&]+)(?:=([^&]*))?/g,(r,...s)=>(gl(t,s[0],s[1]),s.join("="))),t}function gl(e,t,r){e[decodeURIComponent(t)]=decodeURIComponent(r||"")}function wl(e,t){const r=t.toLowerCase();return r==="true"||r==="false"?r==="true":`${+r}`===r?+r:t}function L(){return Pn}var Pn=null;function vl(e){Pn=e}var os;function An(){if(os==null){let e;if(typeof window<"u")e=window;else if(typeof global<"u")e=global;else if(typeof process<"u")e=process;else if(typeof self<"u")e=self;else throw new Error("Could not find a global object");os=e}return os}function xl(){const e=An();return e._tfGlobals==null&&(e._tfGlobals=new Map),e._tfGlobals}function is(e,t){const r=xl();if(r.has(e))return r.get(e);{const s=t();return r.set(e,s),r.get(e)}}var En="Abs",yl="Acos",bl="Acosh",Ir="Add",Sl="AddN",Cl="All",Il="Any",kl="ArgMax",$l="ArgMin",Rl="Asin",Pl="Asinh",Al="Atan",El="Atanh",Dl="Atan2",Nl="AvgPool",Tl="AvgPoolGrad",Fl="AvgPool3D",Ml="AvgPool3DGrad",zl="BatchMatMul",Bl="BatchToSpaceND",_l="Bincount",Ol="BitwiseAnd",Ll="BroadcastArgs",as="Cast",Dn="Ceil",Wl="ClipByValue",Nn="Complex",Tn="ComplexAbs",Ul="Concat",Vl="Conv2D",Gl="Conv2DBackpropFilter",ql="Conv2DBackpropInput",Hl="Conv3D",Kl="Conv3DBackpropFilterV2",jl="Conv3DBackpropInputV2",Xl="Cos",Ql="Cosh",Yl="Cumprod",Zl="Cumsum",Jl="CropAndResize",ec="DenseBincount",tc="DepthToSpace",rc="DepthwiseConv2dNative",sc="DepthwiseConv2dNativeBackpropFilter",nc="DepthwiseConv2dNativeBackpropInput",oc="Diag",ic="Dilation2D",ac="Dilation2DBackpropInput",uc="Dilation2DBackpropFilter",lc="Draw",Fn="RealDiv",cc="Einsum",Mn="Elu",dc="EluGrad",hc="Erf",zn="Equal",Bn="Exp",pc="ExpandDims",_n="Expm1",fc="FFT",On="Fill",mc="FlipLeftRight",Ln="Floor",us="FloorDiv",gc="FusedBatchNorm",wc="GatherV2",vc="GatherNd",Wn="Greater",Un="GreaterEqual",ls="Identity",xc="IFFT",yc="Imag",bc="IsFinite",Sc="IsInf",Cc="IsNan",Vn="LeakyRelu",Gn="Less",qn="LessEqual",Ic="LinSpace",Hn="Log",kc="Log1p",$c="LogicalAnd",Rc="LogicalNot",Pc="LogicalOr",Ac="LRN",Ec="LRNGrad",Dc="Max",cs="Maximum",Nc="MaxPool",Tc="MaxPoolGrad",Fc="MaxPool3D",Mc="MaxPool3DGrad",zc="MaxPoolWithArgmax",Bc="Mean",_c="Min",Kn="Minimum",Oc="MirrorPad",Lc="Mod",Wc="Multinomial",ds="Multiply",Uc="Neg",jn="NotEqual",Vc="NonMaxSuppressionV3",Gc="NonMaxSuppressionV5",qc="OnesLike",Hc="OneHot",Kc="Pack",jc="PadV2",Xn="Pow",Qn="Prelu",Xc="Prod",Qc="Range",Yc="Real",Zc="Reciprocal",Yn="Relu",Zn="Reshape",Jc="ResizeNearestNeighbor",ed="ResizeNearestNeighborGrad",td="ResizeBilinear",rd="ResizeBilinearGrad",Jn="Relu6",sd="Reverse",nd="Round",eo="Rsqrt",od="ScatterNd",id="TensorScatterUpdate",ad="SearchSorted",ud="Select",ld="Selu",cd="Slice",dd="Sin",hd="Sinh",pd="Sign",hs="Sigmoid",fd="Softplus",ps="Sqrt",to="Sum",md="SpaceToBatchND",gd="SplitV",wd="Softmax",vd="SparseSegmentMean",xd="SparseSegmentSum",yd="SparseToDense",ro="SquaredDifference",bd="Square",Sd="StaticRegexReplace",Cd="StridedSlice",Id="StringNGrams",fs="Sub",kd="Tan",$d="Tanh",so="Tile",Rd="TopK",Pd="Transform",Ad="Transpose",Ed="Unpack",Dd="UnsortedSegmentSum",no="ZerosLike",oo="Step",Nd="FromPixels",Td="RotateWithOffset",Fd="_FusedMatMul",Md="FusedConv2D",zd="FusedDepthwiseConv2D";function et(...e){L().getBool("IS_TEST")||L().getBool("PROD")||console.warn(...e)}function Bd(...e){L().getBool("IS_TEST")||L().getBool("PROD")||console.log(...e)}var kr=is("kernelRegistry",()=>new Map),_d=is("gradRegistry",()=>new Map);function io(e,t){const r=co(e,t);return kr.get(r)}function ao(e){return _d.get(e)}function uo(e){const t=kr.entries(),r=[];for(;;){const{done:s,value:n}=t.next();if(s)break;const[o,i]=n,[a]=o.split("_");a===e&&r.push(i)}return r}function lo(e){const{kernelName:t,backendName:r}=e,s=co(t,r);kr.has(s)&&et(`The kernel '${t}' for backend '${r}' is already registered`),kr.set(s,e)}function co(e,t){return`${t}_${e}`}var b={};Je(b,{arraysEqual:()=>gr,arraysEqualWithNull:()=>tl,assert:()=>_,assertNonNegativeIntegerDimensions:()=>Rt,assertNonNull:()=>Ju,assertShapesMatch:()=>vn,bytesFromStringArray:()=>Sn,bytesPerElement:()=>vr,checkConversionForErrors:()=>yn,clamp:()=>jt,computeStrides:()=>kt,convertBackendValuesAndArrayBuffer:()=>cl,createScalarValue:()=>Gd,createShuffledIndices:()=>nl,decodeString:()=>Ar,distSquared:()=>Zu,encodeString:()=>Pr,fetch:()=>Hd,fingerPrint64:()=>Vd,flatten:()=>Pt,getArrayFromDType:()=>ns,getTypedArrayFromDType:()=>ul,hasEncodingLoss:()=>ll,hexToLong:()=>Yt,indexToLoc:()=>pl,inferDtype:()=>Qt,inferFromImplicitShape:()=>il,isBoolean:()=>Cn,isFunction:()=>yr,isInt:()=>wr,isNumber:()=>In,isPromise:()=>Cr,isScalarShape:()=>el,isString:()=>xr,isTypedArray:()=>Ie,isValidDtype:()=>bn,locToIndex:()=>hl,makeOnesTypedArray:()=>$n,makeZerosNestedTypedArray:()=>dl,makeZerosTypedArray:()=>Sr,nearestDivisor:()=>br,nearestLargerEven:()=>Xu,now:()=>Zt,parseAxisParam:()=>xn,randUniform:()=>Yu,repeatedTry:()=>ol,rightPad:()=>Xt,shuffle:()=>wn,shuffleCombo:()=>ju,sizeFromShape:()=>pe,sizeToSquarishShape:()=>sl,squeezeShape:()=>al,sum:()=>Qu,swap:()=>mr,tanh:()=>rl,toNestedArray:()=>$t,toTypedArray:()=>Rr});function ho(e){return e instanceof Float32Array||e instanceof Int32Array||e instanceof Uint8Array||e instanceof Uint8ClampedArray}var po=Wu(Uu()),tt=po.default||po;function Yt(e){return tt.fromString(e,!0,16)}var fo=Yt("c3a5c85c97cb3127"),rt=Yt("b492b66fbe98f273"),fe=Yt("9ae16a3b2f90404f");function ms(e){return e.xor(e.shru(47))}function mo(e,t,r){const s=e.slice(t,t+r);return tt.fromBytes(Array.from(s),!0,!0)}function Y(e,t){return mo(e,t,8)}function go(e,t){return mo(e,t,4)}function ce(e,t){return t===0?e:e.shru(t).or(e.shl(64-t))}function qe(e,t,r=Yt("9ddfea08eb382d69")){let s=e.xor(t).mul(r);s=s.xor(s.shru(47));let n=t.xor(s).mul(r);return n=n.xor(n.shru(47)),n=n.mul(r),n}function Od(e,t,r,s,n,o){n=n.add(e),o=ce(o.add(n).add(s),21);const i=n;return n=n.add(t),n=n.add(r),o=o.add(ce(n,44)),[n.add(s),o.add(i)]}function $r(e,t,r,s){return Od(Y(e,t),Y(e,t+8),Y(e,t+16),Y(e,t+24),r,s)}function Ld(e,t=e.length){if(t>=8){const r=fe.add(t*2),s=Y(e,0).add(fe),n=Y(e,t-8),o=ce(n,37).mul(r).add(s),i=ce(s,25).add(n).mul(r);return qe(o,i,r)}if(t>=4){const r=fe.add(t*2),s=go(e,0);return qe(s.shl(3).add(t),go(e,t-4),r)}if(t>0){const r=e[0],s=e[t>>1],n=e[t-1],o=r+(s<<8),i=t+(n<<2);return ms(fe.mul(o).xor(fo.mul(i))).mul(fe)}return fe}function Wd(e,t=e.length){const r=fe.add(t*2),s=Y(e,0).mul(rt),n=Y(e,8),o=Y(e,t-8).mul(r),i=Y(e,t-16).mul(fe);return qe(ce(s.add(n),43).add(ce(o,30)).add(i),s.add(ce(n.add(fe),18)).add(o),r)}function Ud(e,t=e.length){const r=fe.add(t*2),s=Y(e,0).mul(fe),n=Y(e,8),o=Y(e,t-8).mul(r),i=Y(e,t-16).mul(fe),a=ce(s.add(n),43).add(ce(o,30)).add(i),u=qe(a,s.add(ce(n.add(fe),18)).add(o),r),l=Y(e,16).mul(r),h=Y(e,24),c=a.add(Y(e,t-32)).mul(r),d=u.add(Y(e,t-24)).mul(r);return qe(ce(l.add(h),43).add(ce(c,30)).add(d),l.add(ce(h.add(s),18)).add(c),r)}function Vd(e,t=e.length){const r=tt.fromNumber(81,!0);if(t<=32)return t<=16?Ld(e,t):Wd(e,t);if(t<=64)return Ud(e,t);let s=r,n=r.mul(rt).add(113),o=ms(n.mul(fe).add(113)).mul(fe),i=[tt.UZERO,tt.UZERO],a=[tt.UZERO,tt.UZERO];s=s.mul(fe).add(Y(e,0));let u=0;const l=(t-1>>6)*64,h=l+(t-1&63)-63;do s=ce(s.add(n).add(i[0]).add(Y(e,u+8)),37).mul(rt),n=ce(n.add(i[1]).add(Y(e,u+48)),42).mul(rt),s=s.xor(a[1]),n=n.add(i[0]).add(Y(e,u+40)),o=ce(o.add(a[0]),33).mul(rt),i=$r(e,u,i[1].mul(rt),s.add(a[0])),a=$r(e,u+32,o.add(a[1]),n.add(Y(e,u+16))),[o,s]=[s,o],u+=64;while(u!==l);const c=rt.add(o.and(255).shl(1));return u=h,a[0]=a[0].add(t-1&63),i[0]=i[0].add(a[0]),a[0]=a[0].add(i[0]),s=ce(s.add(n).add(i[0]).add(Y(e,u+8)),37).mul(c),n=ce(n.add(i[1]).add(Y(e,u+48)),42).mul(c),s=s.xor(a[1].mul(9)),n=n.add(i[0].mul(9).add(Y(e,u+40))),o=ce(o.add(a[0]),33).mul(c),i=$r(e,u,i[1].mul(c),s.add(a[0])),a=$r(e,u+32,o.add(a[1]),n.add(Y(e,u+16))),[o,s]=[s,o],qe(qe(i[0],a[0],c).add(ms(n).mul(fo)).add(o),qe(i[1],a[1],c).add(s),c)}function Gd(e,t){return t==="string"?Pr(e):Rr([e],t)}function qd(e,t){return e instanceof Float32Array&&t==="float32"||e instanceof Int32Array&&t==="int32"||e instanceof Uint8Array&&t==="bool"}function Rr(e,t){if(t==="string")throw new Error("Cannot convert a string[] to a TypedArray");if(Array.isArray(e)&&(e=Pt(e)),L().getBool("DEBUG")&&yn(e,t),qd(e,t))return e;if(t==null||t==="float32"||t==="complex64")return new Float32Array(e);if(t==="int32")return new Int32Array(e);if(t==="bool"){const r=new Uint8Array(e.length);for(let s=0;s<r.length;++s)Math.round(e[s])!==0&&(r[s]=1);return r}else throw new Error(`Unknown data type ${t}`)}function Zt(){return L().platform.now()}function Hd(e,t){return L().platform.fetch(e,t)}function Pr(e,t="utf-8"){return t=t||"utf-8",L().platform.encode(e,t)}function Ar(e,t="utf-8"){return t=t||"utf-8",L().platform.decode(e,t)}function Ie(e){return L().platform.isTypedArray!=null?L().platform.isTypedArray(e):ho(e)}function Pt(e,t=[],r=!1){if(t==null&&(t=[]),typeof e=="boolean"||typeof e=="number"||typeof e=="string"||Cr(e)||e==null||Ie(e)&&r)t.push(e);else if(Array.isArray(e)||Ie(e))for(let s=0;s<e.length;++s)Pt(e[s],t,r);else{let s=-1;for(const n of Object.keys(e))/^([1-9]+[0-9]*|0)$/.test(n)&&(s=Math.max(s,Number(n)));for(let n=0;n<=s;n++)Pt(e[n],t,r)}return t}var Kd=class{constructor(e,t){this.backendTimer=e,this.logger=t,t==null&&(this.logger=new Xd)}profileKernel(e,t,r){let s;const n=()=>{s=r()};let o;const i=Zt();if(this.backendTimer.timerAvailable())o=this.backendTimer.time(n);else{n();for(const u of s)u.dataSync();o=Promise.resolve({kernelMs:Zt()-i})}if(L().getBool("CHECK_COMPUTATION_FOR_ERRORS"))for(let u=0;u<s.length;u++){const l=s[u];l.data().then(h=>{jd(h,l.dtype,e)})}return{kernelName:e,outputs:s,inputs:t,timeMs:o.then(u=>u.kernelMs),extraInfo:o.then(u=>u.getExtraProfileInfo!=null?u.getExtraProfileInfo():"")}}logKernelProfile(e){const{kernelName:t,outputs:r,timeMs:s,inputs:n,extraInfo:o}=e;r.forEach(i=>{Promise.all([i.data(),s,o]).then(a=>{this.logger.logKernelProfile(t,i,a[0],a[1],n,a[2])})})}};function jd(e,t,r){if(t!=="float32")return!1;for(let s=0;s<e.length;s++){const n=e[s];if(isNaN(n)||!isFinite(n))return console.warn(`Found ${n} in the result of '${r}'`),!0}return!1}var Xd=class{logKernelProfile(e,t,r,s,n,o){const i=typeof s=="number"?Xt(`${s}ms`,9):s.error,a=Xt(e,25),u=t.rank,l=t.size,h=Xt(t.shape.toString(),14);let c="";for(const d in n){const p=n[d];if(p!=null){const f=p.shape||t.shape,g=f.length;c+=`${d}: ${g}D ${g>0?f:""} `}}console.log(`%c${a}	%c${i}	%c${u}D ${h}	%c${l}	%c${c}	%c${o}`,"font-weight:bold","color:red","color:blue","color: orange","color: green","color: steelblue")}};function Qd(e,t,r){const s={},n={};for(let u=0;u<t.length;u++)s[t[u].id]=!0;for(let u=0;u<e.length;u++){const l=e[u],h=l.inputs;for(const c in h){const d=h[c];let p=!1;for(let f=0;f<t.length;f++)if(s[d.id]){l.outputs.forEach(g=>s[g.id]=!0),p=!0,n[l.id]=!0;break}if(p)break}}const o={};o[r.id]=!0;const i={};for(let u=e.length-1;u>=0;u--){const l=e[u],h=l.inputs;for(let c=0;c<l.outputs.length;c++)if(o[l.outputs[c].id]){for(const d in h)o[h[d].id]=!0,i[l.id]=!0;break}}const a=[];for(let u=0;u<e.length;u++){const l=e[u];if(n[l.id]&&i[l.id]){const h={};for(const d in l.inputs){const p=l.inputs[d];s[p.id]&&(h[d]=p)}const c=Object.assign({},l);c.inputs=h,c.outputs=l.outputs,a.push(c)}}return a}function Yd(e,t,r,s){for(let n=t.length-1;n>=0;n--){const o=t[n],i=[];if(o.outputs.forEach(u=>{const l=e[u.id];l!=null?i.push(l):i.push(null)}),o.gradient==null)throw new Error(`Cannot compute gradient: gradient function not found for ${o.kernelName}.`);const a=o.gradient(i);for(const u in o.inputs){if(!(u in a))throw new Error(`Cannot backprop through input ${u}. Available gradients found: ${Object.keys(a)}.`);const l=r(()=>a[u]());if(l.dtype!=="float32")throw new Error(`Error in gradient for op ${o.kernelName}. The gradient of input ${u} must have 'float32' dtype, but has '${l.dtype}'`);const h=o.inputs[u];if(!gr(l.shape,h.shape))throw new Error(`Error in gradient for op ${o.kernelName}. The gradient of input '${u}' has shape '${l.shape}', which does not match the shape of the input '${h.shape}'`);if(e[h.id]==null)e[h.id]=l;else{const c=e[h.id];e[h.id]=s(c,l),c.dispose()}}}}var wo=20,Jt=3,gs=7;function Zd(e,t,r,s){const n=kt(t),o=Jd(e,t,r,n),i=t.length,a=Er(e,t,r,n,o),u=["Tensor"];return s&&(u.push(`  dtype: ${r}`),u.push(`  rank: ${i}`),u.push(`  shape: [${t}]`),u.push("  values:")),u.push(a.map(l=>"    "+l).join(`
`)),u.join(`
`)}function Jd(e,t,r,s){const n=pe(t),o=s[s.length-1],i=new Array(o).fill(0),a=t.length,u=r==="complex64"?tr(e):e;if(a>1)for(let l=0;l<n/o;l++){const h=l*o;for(let c=0;c<o;c++)i[c]=Math.max(i[c],er(u[h+c],0,r).length)}return i}function er(e,t,r){let s;return Array.isArray(e)?s=`${parseFloat(e[0].toFixed(gs))} + ${parseFloat(e[1].toFixed(gs))}j`:xr(e)?s=`'${e}'`:r==="bool"?s=vo(e):s=parseFloat(e.toFixed(gs)).toString(),Xt(s,t)}function vo(e){return e===0?"false":"true"}function Er(e,t,r,s,n,o=!0){const i=r==="complex64"?2:1,a=t[0],u=t.length;if(u===0){if(r==="complex64"){const g=tr(e);return[er(g[0],0,r)]}return r==="bool"?[vo(e[0])]:[e[0].toString()]}if(u===1){if(a>wo){const m=Jt*i;let w=Array.from(e.slice(0,m)),y=Array.from(e.slice((a-Jt)*i,a*i));return r==="complex64"&&(w=tr(w),y=tr(y)),["["+w.map((x,S)=>er(x,n[S],r)).join(", ")+", ..., "+y.map((x,S)=>er(x,n[a-Jt+S],r)).join(", ")+"]"]}return["["+(r==="complex64"?tr(e):Array.from(e)).map((m,w)=>er(m,n[w],r)).join(", ")+"]"]}const l=t.slice(1),h=s.slice(1),c=s[0]*i,d=[];if(a>wo){for(let g=0;g<Jt;g++){const m=g*c,w=m+c;d.push(...Er(e.slice(m,w),l,r,h,n,!1))}d.push("...");for(let g=a-Jt;g<a;g++){const m=g*c,w=m+c;d.push(...Er(e.slice(m,w),l,r,h,n,g===a-1))}}else for(let g=0;g<a;g++){const m=g*c,w=m+c;d.push(...Er(e.slice(m,w),l,r,h,n,g===a-1))}const p=u===2?",":"";d[0]="["+(a>0?d[0]+p:"");for(let g=1;g<d.length-1;g++)d[g]=" "+d[g]+p;let f=`,
`;for(let g=2;g<u;g++)f+=`
`;return d[d.length-1]=" "+d[d.length-1]+"]"+(o?"":f),d}function tr(e){const t=[];for(let r=0;r<e.length;r+=2)t.push([e[r],e[r+1]]);return t}var Dr=class{constructor(e,t,r){if(this.dtype=t,this.shape=e.slice(),this.size=pe(e),r!=null){const s=r.length;_(s===this.size,()=>`Length of values '${s}' does not match the size inferred by the shape '${this.size}'.`)}if(t==="complex64")throw new Error("complex64 dtype TensorBuffers are not supported. Please create a TensorBuffer for the real and imaginary parts separately and call tf.complex(real, imag).");this.values=r||ns(t,this.size),this.strides=kt(e)}set(e,...t){t.length===0&&(t=[0]),_(t.length===this.rank,()=>`The number of provided coordinates (${t.length}) must match the rank (${this.rank})`);const r=this.locToIndex(t);this.values[r]=e}get(...e){e.length===0&&(e=[0]);let t=0;for(const s of e){if(s<0||s>=this.shape[t]){const n=`Requested out of range element at ${e}.   Buffer shape=${this.shape}`;throw new Error(n)}t++}let r=e[e.length-1];for(let s=0;s<e.length-1;++s)r+=this.strides[s]*e[s];return this.values[r]}locToIndex(e){if(this.rank===0)return 0;if(this.rank===1)return e[0];let t=e[e.length-1];for(let r=0;r<e.length-1;++r)t+=this.strides[r]*e[r];return t}indexToLoc(e){if(this.rank===0)return[];if(this.rank===1)return[e];const t=new Array(this.shape.length);for(let r=0;r<t.length-1;++r)t[r]=Math.floor(e/this.strides[r]),e-=t[r]*this.strides[r];return t[t.length-1]=e,t}get rank(){return this.shape.length}toTensor(){return Ee().makeTensor(this.values,this.shape,this.dtype)}},Ee=null,At=null,eh=null;function th(e){Ee=e}function rh(e){At=e}function sh(e){eh=e}var De=class{constructor(e,t,r,s){this.kept=!1,this.isDisposedInternal=!1,this.shape=e.slice(),this.dtype=t||"float32",this.size=pe(e),this.strides=kt(e),this.dataId=r,this.id=s,this.rankType=this.rank<5?this.rank.toString():"higher"}get rank(){return this.shape.length}async buffer(){const e=await this.data();return At.buffer(this.shape,this.dtype,e)}bufferSync(){return At.buffer(this.shape,this.dtype,this.dataSync())}async array(){const e=await this.data();return $t(this.shape,e,this.dtype==="complex64")}arraySync(){return $t(this.shape,this.dataSync(),this.dtype==="complex64")}async data(){this.throwIfDisposed();const e=Ee().read(this.dataId);if(this.dtype==="string"){const t=await e;try{return t.map(r=>Ar(r))}catch{throw new Error("Failed to decode the string bytes into utf-8. To get the original bytes, call tensor.bytes().")}}return e}dataToGPU(e){return this.throwIfDisposed(),Ee().readToGPU(this.dataId,e)}dataSync(){this.throwIfDisposed();const e=Ee().readSync(this.dataId);if(this.dtype==="string")try{return e.map(t=>Ar(t))}catch{throw new Error("Failed to decode the string bytes into utf-8. To get the original bytes, call tensor.bytes().")}return e}async bytes(){this.throwIfDisposed();const e=await Ee().read(this.dataId);return this.dtype==="string"?e:new Uint8Array(e.buffer)}dispose(){this.isDisposed||(this.kerasMask&&this.kerasMask.dispose(),Ee().disposeTensor(this),this.isDisposedInternal=!0)}get isDisposed(){return this.isDisposedInternal}throwIfDisposed(){if(this.isDisposed)throw new Error("Tensor is disposed.")}print(e=!1){return At.print(this,e)}clone(){return this.throwIfDisposed(),At.clone(this)}toString(e=!1){const t=this.dataSync();return Zd(t,this.shape,this.dtype,e)}cast(e){return this.throwIfDisposed(),At.cast(this,e)}variable(e=!0,t,r){return this.throwIfDisposed(),Ee().makeVariable(this,e,t,r)}};Object.defineProperty(De,Symbol.hasInstance,{value:e=>!!e&&e.data!=null&&e.dataSync!=null&&e.throwIfDisposed!=null});function xo(){return is("Tensor",()=>De)}xo();var Nr=class extends De{constructor(e,t,r,s){super(e.shape,e.dtype,e.dataId,s),this.trainable=t,this.name=r}assign(e){if(e.dtype!==this.dtype)throw new Error(`dtype of the new value (${e.dtype}) and previous value (${this.dtype}) must match`);if(!gr(e.shape,this.shape))throw new Error(`shape of the new value (${e.shape}) and previous value (${this.shape}) must match`);Ee().disposeTensor(this),this.dataId=e.dataId,Ee().incRef(this,null)}dispose(){Ee().disposeVariable(this),this.isDisposedInternal=!0}};Object.defineProperty(Nr,Symbol.hasInstance,{value:e=>e instanceof De&&e.assign!=null&&e.assign instanceof Function});var yo;(function(e){e.R0="R0",e.R1="R1",e.R2="R2",e.R3="R3",e.R4="R4",e.R5="R5",e.R6="R6"})(yo||(yo={}));var ws;(function(e){e.float32="float32",e.int32="int32",e.bool="int32",e.complex64="complex64"})(ws||(ws={}));var vs;(function(e){e.float32="float32",e.int32="int32",e.bool="bool",e.complex64="complex64"})(vs||(vs={}));var xs;(function(e){e.float32="float32",e.int32="float32",e.bool="float32",e.complex64="complex64"})(xs||(xs={}));var ys;(function(e){e.float32="complex64",e.int32="complex64",e.bool="complex64",e.complex64="complex64"})(ys||(ys={}));var nh={float32:xs,int32:ws,bool:vs,complex64:ys};function Le(e,t){if(e==="string"||t==="string"){if(e==="string"&&t==="string")return"string";throw new Error(`Can not upcast ${e} with ${t}`)}return nh[e][t]}function oh(e){return Le(e,"int32")}function bo(e){return e!=null&&typeof e=="object"&&"texture"in e&&e.texture instanceof WebGLTexture}function So(e){return typeof GPUBuffer<"u"&&e!=null&&typeof e=="object"&&"buffer"in e&&e.buffer instanceof GPUBuffer}function st(e,t){if(e.dtype===t.dtype)return[e,t];const r=Le(e.dtype,t.dtype);return[e.cast(r),t.cast(r)]}function Co(e){const t=[];return Io(e,t,new Set),t}function Io(e,t,r){if(e==null)return;if(e instanceof De){t.push(e);return}if(!ih(e))return;const s=e;for(const n in s){const o=s[n];r.has(o)||(r.add(o),Io(o,t,r))}}function ih(e){return Array.isArray(e)||typeof e=="object"}function bs(e){return e.kernelName!=null}var ko=class{constructor(){this.registeredVariables={},this.nextTapeNodeId=0,this.numBytes=0,this.numTensors=0,this.numStringTensors=0,this.numDataBuffers=0,this.gradientDepth=0,this.kernelDepth=0,this.scopeStack=[],this.numDataMovesStack=[],this.nextScopeId=0,this.tensorInfo=new WeakMap,this.profiling=!1,this.activeProfile={newBytes:0,newTensors:0,peakBytes:0,kernels:[],result:null,get kernelNames(){return Array.from(new Set(this.kernels.map(e=>e.name)))}}}dispose(){for(const e in this.registeredVariables)this.registeredVariables[e].dispose()}},Ss=class hn{constructor(t){this.ENV=t,this.registry={},this.registryFactory={},this.pendingBackendInitId=0,this.state=new ko}async ready(){if(this.pendingBackendInit!=null)return this.pendingBackendInit.then(()=>{});if(this.backendInstance!=null)return;const t=this.getSortedBackends();for(let r=0;r<t.length;r++){const s=t[r];if(await this.initializeBackend(s).success){await this.setBackend(s);return}}throw new Error("Could not initialize any backends, all backend initializations failed.")}get backend(){if(this.pendingBackendInit!=null)throw new Error(`Backend '${this.backendName}' has not yet been initialized. Make sure to await tf.ready() or await tf.setBackend() before calling other methods`);if(this.backendInstance==null){const{name:t,asyncInit:r}=this.initializeBackendsAndReturnBest();if(r)throw new Error(`The highest priority backend '${t}' has not yet been initialized. Make sure to await tf.ready() or await tf.setBackend() before calling other methods`);this.setBackend(t)}return this.backendInstance}backendNames(){return Object.keys(this.registryFactory)}findBackend(t){if(!(t in this.registry))if(t in this.registryFactory){const{asyncInit:r}=this.initializeBackend(t);if(r)return null}else return null;return this.registry[t]}findBackendFactory(t){return t in this.registryFactory?this.registryFactory[t].factory:null}registerBackend(t,r,s=1){return t in this.registryFactory?(et(`${t} backend was already registered. Reusing existing backend factory.`),!1):(this.registryFactory[t]={factory:r,priority:s},!0)}async setBackend(t){if(this.registryFactory[t]==null)throw new Error(`Backend name '${t}' not found in registry`);if(this.backendName=t,this.registry[t]==null){this.backendInstance=null;const{success:r,asyncInit:s}=this.initializeBackend(t);if(!(s?await r:r))return!1}return this.backendInstance=this.registry[t],this.setupRegisteredKernels(),this.profiler=new Kd(this.backendInstance),!0}setupRegisteredKernels(){uo(this.backendName).forEach(r=>{r.setupFunc!=null&&r.setupFunc(this.backendInstance)})}disposeRegisteredKernels(t){uo(t).forEach(s=>{s.disposeFunc!=null&&s.disposeFunc(this.registry[t])})}initializeBackend(t){const r=this.registryFactory[t];if(r==null)throw new Error(`Cannot initialize backend ${t}, no registration found.`);try{const s=r.factory();if(s&&!(s instanceof gn)&&typeof s.then=="function"){const n=++this.pendingBackendInitId,o=s.then(i=>n<this.pendingBackendInitId?!1:(this.registry[t]=i,this.pendingBackendInit=null,!0)).catch(i=>(n<this.pendingBackendInitId||(this.pendingBackendInit=null,et(`Initialization of backend ${t} failed`),et(i.stack||i.message)),!1));return this.pendingBackendInit=o,{success:o,asyncInit:!0}}else return this.registry[t]=s,{success:!0,asyncInit:!1}}catch(s){return et(`Initialization of backend ${t} failed`),et(s.stack||s.message),{success:!1,asyncInit:!1}}}removeBackend(t){if(!(t in this.registryFactory))throw new Error(`${t} backend not found in registry`);this.backendName===t&&this.pendingBackendInit!=null&&this.pendingBackendInitId++,t in this.registry&&(this.disposeRegisteredKernels(t),this.registry[t].dispose(),delete this.registry[t]),delete this.registryFactory[t],this.backendName===t&&(this.pendingBackendInit=null,this.backendName=null,this.backendInstance=null)}getSortedBackends(){if(Object.keys(this.registryFactory).length===0)throw new Error("No backend found in registry.");return Object.keys(this.registryFactory).sort((t,r)=>this.registryFactory[r].priority-this.registryFactory[t].priority)}initializeBackendsAndReturnBest(){const t=this.getSortedBackends();for(let r=0;r<t.length;r++){const s=t[r],{success:n,asyncInit:o}=this.initializeBackend(s);if(o||n)return{name:s,asyncInit:o}}throw new Error("Could not initialize any backends, all backend initializations failed.")}moveData(t,r){const s=this.state.tensorInfo.get(r),n=s.backend,o=this.readSync(r),i=n.refCount(r);n.disposeData(r,!0),s.backend=t,t.move(r,o,s.shape,s.dtype,i),this.shouldCheckForMemLeaks()&&this.state.numDataMovesStack[this.state.numDataMovesStack.length-1]++}tidy(t,r){let s=null;if(r==null){if(typeof t!="function")throw new Error("Please provide a function to tidy()");r=t}else{if(typeof t!="string"&&!(t instanceof String))throw new Error("When calling with two arguments, the first argument to tidy() must be a string");if(typeof r!="function")throw new Error("When calling with two arguments, the 2nd argument to tidy() must be a function");s=t}let n;return this.scopedRun(()=>this.startScope(s),()=>this.endScope(n),()=>(n=r(),n instanceof Promise&&console.error("Cannot return a Promise inside of tidy."),n))}scopedRun(t,r,s){t();try{const n=s();return r(),n}catch(n){throw r(),n}}nextTensorId(){return hn.nextTensorId++}nextVariableId(){return hn.nextVariableId++}clone(t){const r=O.runKernel(ls,{x:t}),s={x:t},n=i=>({x:()=>{const a="float32",u={x:i},l={dtype:a};return O.runKernel(as,u,l)}}),o=[];return this.addTapeNode(this.state.activeScope.name,s,[r],n,o,{}),r}runKernel(t,r,s){if(this.backendName==null&&this.backend,!(io(t,this.backendName)!=null))throw new Error(`Kernel '${t}' not registered for backend '${this.backendName}'`);return this.runKernelFunc({kernelName:t,inputs:r,attrs:s})}shouldCheckForMemLeaks(){return this.ENV.getBool("IS_TEST")}checkKernelForMemLeak(t,r,s){const n=this.backend.numDataIds();let o=0;s.forEach(u=>{o+=u.dtype==="complex64"?3:1});const i=this.state.numDataMovesStack[this.state.numDataMovesStack.length-1],a=n-r-o-i;if(a>0)throw new Error(`Backend '${this.backendName}' has an internal memory leak (${a} data ids) after running '${t}'`)}runKernelFunc(t){let r,s=[];const n=this.isTapeOn(),o=this.state.numBytes,i=this.state.numTensors;this.shouldCheckForMemLeaks()&&this.state.numDataMovesStack.push(0);let a;this.backendName==null&&this.backend;let u;const l=bs(t)?t.kernelName:this.state.activeScope!=null?this.state.activeScope.name:"";if(bs(t)){const{kernelName:f,inputs:g,attrs:m}=t;this.backendName==null&&this.backend;const w=io(f,this.backendName);_(w!=null,()=>`Cannot find registered kernel '${f}' for backend '${this.backendName}'`),a=()=>{const y=this.backend.numDataIds();u=w.kernelFunc({inputs:g,attrs:m,backend:this.backend});const x=Array.isArray(u)?u:[u];this.shouldCheckForMemLeaks()&&this.checkKernelForMemLeak(f,y,x);const S=x.map(C=>C.rank!=null?C:this.makeTensorFromTensorInfo(C));if(n){const C=this.getTensorsForGradient(f,g,S);s=this.saveTensorsForBackwardMode(C)}return S}}else{const{forwardFunc:f}=t,g=m=>{n&&(s=m.map(w=>this.keep(this.clone(w))))};a=()=>{const m=this.backend.numDataIds();u=this.tidy(()=>f(this.backend,g));const w=Array.isArray(u)?u:[u];return this.shouldCheckForMemLeaks()&&this.checkKernelForMemLeak(l,m,w),w}}const{inputs:h,attrs:c}=t,d=bs(t)?null:t.backwardsFunc;let p;return this.scopedRun(()=>this.state.kernelDepth++,()=>this.state.kernelDepth--,()=>{!this.ENV.getBool("DEBUG")&&!this.state.profiling?r=a():(p=this.profiler.profileKernel(l,h,()=>a()),this.ENV.getBool("DEBUG")&&this.profiler.logKernelProfile(p),r=p.outputs)}),n&&this.addTapeNode(l,h,r,d,s,c),this.state.profiling&&this.state.activeProfile.kernels.push({name:l,bytesAdded:this.state.numBytes-o,totalBytesSnapshot:this.state.numBytes,tensorsAdded:this.state.numTensors-i,totalTensorsSnapshot:this.state.numTensors,inputShapes:Object.keys(h).map(f=>h[f]!=null?h[f].shape:null),outputShapes:r.map(f=>f.shape),kernelTimeMs:p.timeMs,extraInfo:p.extraInfo}),Array.isArray(u)?r:r[0]}saveTensorsForBackwardMode(t){return t.map(s=>this.keep(this.clone(s)))}getTensorsForGradient(t,r,s){const n=ao(t);if(n!=null){const o=n.inputsToSave||[],i=n.outputsToSave||[];let a;n.saveAllInputs?(_(Array.isArray(r),()=>"saveAllInputs is true, expected inputs to be an array."),a=Object.keys(r).map(l=>r[l])):a=o.map(l=>r[l]);const u=s.filter((l,h)=>i[h]);return a.concat(u)}return[]}makeTensor(t,r,s,n){if(t==null)throw new Error("Values passed to engine.makeTensor() are null");s=s||"float32",n=n||this.backend;let o=t;s==="string"&&xr(t[0])&&(o=t.map(u=>Pr(u)));const i=n.write(o,r,s),a=new De(r,s,i,this.nextTensorId());if(this.trackTensor(a,n),s==="string"){const u=this.state.tensorInfo.get(i),l=Sn(o);this.state.numBytes+=l-u.bytes,u.bytes=l}return a}makeTensorFromDataId(t,r,s,n){s=s||"float32";const o={dataId:t,shape:r,dtype:s};return this.makeTensorFromTensorInfo(o,n)}makeTensorFromTensorInfo(t,r){const{dataId:s,shape:n,dtype:o}=t,i=new De(n,o,s,this.nextTensorId());return this.trackTensor(i,r),i}makeVariable(t,r=!0,s,n){s=s||this.nextVariableId().toString(),n!=null&&n!==t.dtype&&(t=t.cast(n));const o=new Nr(t,r,s,this.nextTensorId());if(this.state.registeredVariables[o.name]!=null)throw new Error(`Variable with name ${o.name} was already registered`);return this.state.registeredVariables[o.name]=o,this.incRef(o,this.backend),o}trackTensor(t,r){this.state.numTensors++,t.dtype==="string"&&this.state.numStringTensors++;let s=0;t.dtype!=="complex64"&&t.dtype!=="string"&&(s=t.size*vr(t.dtype)),this.state.numBytes+=s,this.state.tensorInfo.has(t.dataId)||(this.state.numDataBuffers++,this.state.tensorInfo.set(t.dataId,{backend:r||this.backend,dtype:t.dtype,shape:t.shape,bytes:s})),t instanceof Nr||this.track(t)}incRef(t,r){this.trackTensor(t,r),this.backend.incRef(t.dataId)}removeDataId(t,r){this.state.tensorInfo.has(t)&&this.state.tensorInfo.get(t).backend===r&&(this.state.tensorInfo.delete(t),this.state.numDataBuffers--)}disposeTensor(t){if(!this.state.tensorInfo.has(t.dataId))return;const r=this.state.tensorInfo.get(t.dataId);if(this.state.numTensors--,t.dtype==="string"&&(this.state.numStringTensors--,this.state.numBytes-=r.bytes),t.dtype!=="complex64"&&t.dtype!=="string"){const s=t.size*vr(t.dtype);this.state.numBytes-=s}r.backend.disposeData(t.dataId)&&this.removeDataId(t.dataId,r.backend)}disposeVariables(){for(const t in this.state.registeredVariables){const r=this.state.registeredVariables[t];this.disposeVariable(r)}}disposeVariable(t){this.disposeTensor(t),this.state.registeredVariables[t.name]!=null&&delete this.state.registeredVariables[t.name]}memory(){const t=this.backend.memory();return t.numTensors=this.state.numTensors,t.numDataBuffers=this.state.numDataBuffers,t.numBytes=this.state.numBytes,this.state.numStringTensors>0&&(t.unreliable=!0,t.reasons==null&&(t.reasons=[]),t.reasons.push("Memory usage by string tensors is approximate (2 bytes per character)")),t}async profile(t){this.state.profiling=!0;const r=this.state.numBytes,s=this.state.numTensors;this.state.activeProfile.kernels=[],this.state.activeProfile.result=await t(),this.state.profiling=!1,this.state.activeProfile.peakBytes=Math.max(...this.state.activeProfile.kernels.map(n=>n.totalBytesSnapshot)),this.state.activeProfile.newBytes=this.state.numBytes-r,this.state.activeProfile.newTensors=this.state.numTensors-s;for(const n of this.state.activeProfile.kernels)n.kernelTimeMs=await n.kernelTimeMs,n.extraInfo=await n.extraInfo;return this.state.activeProfile}isTapeOn(){return this.state.gradientDepth>0&&this.state.kernelDepth===0}addTapeNode(t,r,s,n,o,i){const a={id:this.state.nextTapeNodeId++,kernelName:t,inputs:r,outputs:s,saved:o},u=ao(t);u!=null&&(n=u.gradFunc),n!=null&&(a.gradient=l=>(l=l.map((h,c)=>{if(h==null){const d=s[c],p=Sr(d.size,d.dtype);return this.makeTensor(p,d.shape,d.dtype)}return h}),n(l.length>1?l:l[0],o,i))),this.state.activeTape.push(a)}keep(t){return t.kept=!0,t}startTape(){this.state.gradientDepth===0&&(this.state.activeTape=[]),this.state.gradientDepth++}endTape(){this.state.gradientDepth--}startScope(t){const r={track:[],name:"unnamed scope",id:this.state.nextScopeId++};t&&(r.name=t),this.state.scopeStack.push(r),this.state.activeScope=r}endScope(t){const r=Co(t),s=new Set(r.map(o=>o.id));for(let o=0;o<this.state.activeScope.track.length;o++){const i=this.state.activeScope.track[o];!i.kept&&!s.has(i.id)&&i.dispose()}const n=this.state.scopeStack.pop();this.state.activeScope=this.state.scopeStack.length===0?null:this.state.scopeStack[this.state.scopeStack.length-1],r.forEach(o=>{!o.kept&&o.scopeId===n.id&&this.track(o)})}gradients(t,r,s,n=!1){if(_(r.length>0,()=>"gradients() received an empty list of xs."),s!=null&&s.dtype!=="float32")throw new Error(`dy must have 'float32' dtype, but has '${s.dtype}'`);const o=this.scopedRun(()=>this.startTape(),()=>this.endTape(),()=>this.tidy("forward",t));_(o instanceof De,()=>"The result y returned by f() must be a tensor.");const i=Qd(this.state.activeTape,r,o);if(!n&&i.length===0&&r.length>0)throw new Error("Cannot compute gradient of y=f(x) with respect to x. Make sure that the f you passed encloses all operations that lead from x to y.");return this.tidy("backward",()=>{const a={};a[o.id]=s??ah(o.shape),Yd(a,i,l=>this.tidy(l),uh);const u=r.map(l=>a[l.id]);return this.state.gradientDepth===0&&(this.state.activeTape.forEach(l=>{for(const h of l.saved)h.dispose()}),this.state.activeTape=null),{value:o,grads:u}})}customGrad(t){return _(yr(t),()=>"The f passed in customGrad(f) must be a function."),(...r)=>{_(r.every(a=>a instanceof De),()=>"The args passed in customGrad(f)(x1, x2,...) must all be tensors");let s;const n={};r.forEach((a,u)=>{n[u]=a});const o=(a,u)=>(s=t(...r,u),_(s.value instanceof De,()=>"The function f passed in customGrad(f) must return an object where `obj.value` is a tensor"),_(yr(s.gradFunc),()=>"The function f passed in customGrad(f) must return an object where `obj.gradFunc` is a function."),s.value),i=(a,u)=>{const l=s.gradFunc(a,u),h=Array.isArray(l)?l:[l];_(h.length===r.length,()=>"The function f passed in customGrad(f) must return an object where `obj.gradFunc` is a function that returns the same number of tensors as inputs passed to f(...)."),_(h.every(d=>d instanceof De),()=>"The function f passed in customGrad(f) must return an object where `obj.gradFunc` is a function that returns a list of only tensors.");const c={};return h.forEach((d,p)=>{c[p]=()=>d}),c};return this.runKernelFunc({forwardFunc:o,backwardsFunc:i,inputs:n})}}readSync(t){return this.state.tensorInfo.get(t).backend.readSync(t)}read(t){return this.state.tensorInfo.get(t).backend.read(t)}readToGPU(t,r){return this.state.tensorInfo.get(t).backend.readToGPU(t,r)}async time(t){const r=Zt(),s=await this.backend.time(t);return s.wallMs=Zt()-r,s}track(t){return this.state.activeScope!=null&&(t.scopeId=this.state.activeScope.id,this.state.activeScope.track.push(t)),t}get registeredVariables(){return this.state.registeredVariables}reset(){this.pendingBackendInitId++,this.state.dispose(),this.ENV.reset(),this.state=new ko;for(const t in this.registry)this.disposeRegisteredKernels(t),this.registry[t].dispose(),delete this.registry[t];this.backendName=null,this.backendInstance=null,this.pendingBackendInit=null}};Ss.nextTensorId=0,Ss.nextVariableId=0;function ah(e){const t=$n(pe(e),"float32");return O.makeTensor(t,e,"float32")}function $o(){const e=An();if(e._tfengine==null){const t=new fl(e);e._tfengine=new Ss(t)}return vl(e._tfengine.ENV),th(()=>e._tfengine),e._tfengine}var O=$o();function uh(e,t){const r={a:e,b:t};return O.runKernel(Ir,r)}function lh(){return typeof window<"u"&&window.document!=null||typeof WorkerGlobalScope<"u"}var ge=L();ge.registerFlag("DEBUG",()=>!1,e=>{e&&console.warn("Debugging mode is ON. The output of every math call will be downloaded to CPU and checked for NaNs. This significantly impacts performance.")}),ge.registerFlag("IS_BROWSER",()=>lh()),ge.registerFlag("IS_NODE",()=>typeof process<"u"&&typeof process.versions<"u"&&typeof process.versions.node<"u"),ge.registerFlag("IS_CHROME",()=>typeof navigator<"u"&&navigator!=null&&navigator.userAgent!=null&&/Chrome/.test(navigator.userAgent)&&/Google Inc/.test(navigator.vendor)),ge.registerFlag("IS_SAFARI",()=>typeof navigator<"u"&&navigator!=null&&navigator.userAgent!=null&&/Safari/.test(navigator.userAgent)&&/Apple/.test(navigator.vendor)),ge.registerFlag("PROD",()=>!1),ge.registerFlag("TENSORLIKE_CHECK_SHAPE_CONSISTENCY",()=>ge.getBool("DEBUG")),ge.registerFlag("DEPRECATION_WARNINGS_ENABLED",()=>!0),ge.registerFlag("IS_TEST",()=>!1),ge.registerFlag("CHECK_COMPUTATION_FOR_ERRORS",()=>ge.getBool("DEBUG")),ge.registerFlag("WRAP_TO_IMAGEBITMAP",()=>!1),ge.registerFlag("CANVAS2D_WILL_READ_FREQUENTLY_FOR_GPU",()=>!1),ge.registerFlag("USE_SETTIMEOUTCUSTOM",()=>!1);function Ro(e,t){let r=e;if(Ie(e))return t==="string"?[]:[e.length];if(bo(e)){const n=e.channels||"RGBA";return[e.height,e.width*n.length]}else if(So(e))return[e.buffer.size/(t==null?4:vr(t))];if(!Array.isArray(e))return[];const s=[];for(;Array.isArray(r)||Ie(r)&&t!=="string";)s.push(r.length),r=r[0];return Array.isArray(e)&&L().getBool("TENSORLIKE_CHECK_SHAPE_CONSISTENCY")&&Po(e,s,[]),s}function Po(e,t,r){if(r=r||[],!Array.isArray(e)&&!Ie(e)){_(t.length===0,()=>`Element arr[${r.join("][")}] is a primitive, but should be an array/TypedArray of ${t[0]} elements`);return}_(t.length>0,()=>`Element arr[${r.join("][")}] should be a primitive, but is an array of ${e.length} elements`),_(e.length===t[0],()=>`Element arr[${r.join("][")}] should have ${t[0]} elements, but has ${e.length} elements`);const s=t.slice(1);for(let n=0;n<e.length;++n)Po(e[n],s,r.concat(n))}function Ao(e,t,r,s){if(e!=="string_or_numeric"){if(e==null)throw new Error("Expected dtype cannot be null.");if(e!=="numeric"&&e!==t||e==="numeric"&&t==="string")throw new Error(`Argument '${r}' passed to '${s}' must be ${e} tensor, but got ${t} tensor`)}}function j(e,t,r,s="numeric"){if(e instanceof xo())return Ao(s,e.dtype,t,r),e;let n=Qt(e);if(n!=="string"&&["bool","int32","float32"].indexOf(s)>=0&&(n=s),Ao(s,n,t,r),e==null||!Ie(e)&&!Array.isArray(e)&&typeof e!="number"&&typeof e!="boolean"&&typeof e!="string"){const u=e==null?"null":e.constructor.name;throw new Error(`Argument '${t}' passed to '${r}' must be a Tensor or TensorLike, but got '${u}'`)}const o=Ro(e,n);!Ie(e)&&!Array.isArray(e)&&(e=[e]);const a=n!=="string"?Rr(e,n):Pt(e,[],!0);return O.makeTensor(a,o,n)}var ch="__op";function J(e){const t=Object.keys(e);if(t.length!==1)throw new Error(`Please provide an object with a single key (operation name) mapping to a function. Got an object with ${t.length} keys.`);let r=t[0];const s=e[r];r.endsWith("_")&&(r=r.substring(0,r.length-1)),r=r+ch;const n=(...o)=>{O.startScope(r);try{const i=s(...o);return Cr(i)&&console.error("Cannot return a Promise inside of tidy."),O.endScope(i),i}catch(i){throw O.endScope(null),i}};return Object.defineProperty(n,"name",{value:r,configurable:!0}),n}function dh(e,t){const r=j(e,"real","complex"),s=j(t,"imag","complex");vn(r.shape,s.shape,`real and imag shapes, ${r.shape} and ${s.shape}, must match in call to tf.complex().`);const n={real:r,imag:s};return O.runKernel(Nn,n)}var hh=J({complex_:dh});function Eo(e,t,r,s){if(s==null)s=Qt(e);else if(s==="complex64")throw new Error("Cannot construct a complex64 tensor directly. Please use tf.complex(real, imag).");if(So(e)||bo(e)){if(s!=="float32"&&s!=="int32")throw new Error(`Creating tensor from GPU data only supports 'float32'|'int32' dtype, while the dtype is ${s}.`);return O.backend.createTensorFromGPUData(e,t||r,s)}if(!Ie(e)&&!Array.isArray(e)&&typeof e!="number"&&typeof e!="boolean"&&typeof e!="string")throw new Error("values passed to tensor(values) must be a number/boolean/string or an array of numbers/booleans/strings, or a TypedArray");if(t!=null){Rt(t);const n=pe(t),o=pe(r);_(n===o,()=>`Based on the provided shape, [${t}], the tensor should have ${n} values but has ${o}`);for(let i=0;i<r.length;++i){const a=r[i],u=i===r.length-1?a!==pe(t.slice(i)):!0;_(r[i]===t[i]||!u,()=>`Error creating a new Tensor. Inferred shape (${r}) does not match the provided shape (${t}). `)}}return!Ie(e)&&!Array.isArray(e)&&(e=[e]),t=t||r,e=s!=="string"?Rr(e,s):Pt(e,[],!0),O.makeTensor(e,t,s)}function Et(e,t,r){const s=Ro(e,r);return Eo(e,t,s,r)}var rr=class Fu{static join(t){return new Fu(t).slice()}constructor(t){if(this.shards=[],this.previousShardIndex=0,t==null||(t instanceof Array||(t=[t]),t=t.map(s=>Ie(s)?s.buffer:s),t.length===0))return;this.bufferUniformSize=t[0].byteLength;let r=0;for(let s=0;s<t.length;s++){const n=t[s];s!==t.length-1&&n.byteLength!==this.bufferUniformSize&&(this.bufferUniformSize=void 0);const o=r+n.byteLength;this.shards.push({buffer:n,start:r,end:o}),r=o}this.shards.length===0&&(this.byteLength=0),this.byteLength=this.shards[this.shards.length-1].end}slice(t=0,r=this.byteLength){if(this.shards.length===0)return new ArrayBuffer(0);if(t=isNaN(Number(t))?0:t,r=isNaN(Number(r))?0:r,t=Math.max(0,t),r=Math.min(this.byteLength,r),r<=t)return new ArrayBuffer(0);const s=this.findShardForByte(t);if(s===-1)throw new Error(`Could not find start shard for byte ${t}`);const n=r-t,o=new ArrayBuffer(n),i=new Uint8Array(o);let a=0;for(let u=s;u<this.shards.length;u++){const l=this.shards[u],c=t+a-l.start,d=a,f=Math.min(r,l.end)-l.start,g=new Uint8Array(l.buffer,c,f-c);if(i.set(g,d),a+=g.length,r<l.end)break}return o}findShardForByte(t){if(this.shards.length===0||t<0||t>=this.byteLength)return-1;if(this.bufferUniformSize!=null)return this.previousShardIndex=Math.floor(t/this.bufferUniformSize),this.previousShardIndex;function r(n){return t<n.start?-1:t>=n.end?1:0}if(r(this.shards[this.previousShardIndex])===0)return this.previousShardIndex;const s=ph(this.shards,r);return s===-1?-1:(this.previousShardIndex=s,this.previousShardIndex)}};function ph(e,t){let r=0,s=e.length;for(;r<=s;){const n=Math.floor((s-r)/2)+r,o=t(e[n]);if(o===0)return n;o<0?s=n:r=n+1}return-1}function fh(e){L().getBool("DEPRECATION_WARNINGS_ENABLED")&&console.warn(e+" You can disable deprecation warnings with tf.disableDeprecationWarnings().")}sh(fh);function Dt(){return O}function ae(e,t){return O.tidy(e,t)}function ke(e){Co(e).forEach(r=>r.dispose())}function mh(e){return O.keep(e)}function gh(e){return O.setBackend(e)}function Do(e){O.removeBackend(e)}function wh(e){return O.findBackendFactory(e)}function No(e,t,r=1){return O.registerBackend(e,t,r)}var Cs=typeof Buffer<"u"&&(typeof Blob>"u"||typeof atob>"u"||typeof btoa>"u");function To(e){return Cs?Buffer.byteLength(e,"utf8"):new Blob([e]).size}function vh(e){if(Cs)return Buffer.from(e).toString("base64");const t=new Uint8Array(e);let r="";for(let s=0,n=t.length;s<n;s++)r+=String.fromCharCode(t[s]);return btoa(r)}function xh(e){if(Cs){const s=Buffer.from(e,"base64");return s.buffer.slice(s.byteOffset,s.byteOffset+s.byteLength)}const t=atob(e),r=new Uint8Array(t.length);for(let s=0;s<t.length;++s)r.set([t.charCodeAt(s)],s);return r.buffer}function Fo(e,t){const r={modelTopology:e.modelTopology,format:e.format,generatedBy:e.generatedBy,convertedBy:e.convertedBy,weightsManifest:t};return e.signature!=null&&(r.signature=e.signature),e.userDefinedMetadata!=null&&(r.userDefinedMetadata=e.userDefinedMetadata),e.modelInitializer!=null&&(r.modelInitializer=e.modelInitializer),e.initializerSignature!=null&&(r.initializerSignature=e.initializerSignature),e.trainingConfig!=null&&(r.trainingConfig=e.trainingConfig),r}function yh(e,t,r){const s={modelTopology:e.modelTopology,format:e.format,generatedBy:e.generatedBy,convertedBy:e.convertedBy};if(e.trainingConfig!=null&&(s.trainingConfig=e.trainingConfig),e.weightsManifest!=null){if(!t)throw new Error("modelJSON has weightsManifest but weightSpecs is null");if(!r)throw new Error("modelJSON has weightsManifest but weightData is null");s.weightSpecs=t,s.weightData=r}return e.signature!=null&&(s.signature=e.signature),e.userDefinedMetadata!=null&&(s.userDefinedMetadata=e.userDefinedMetadata),e.modelInitializer!=null&&(s.modelInitializer=e.modelInitializer),e.initializerSignature!=null&&(s.initializerSignature=e.initializerSignature),s}async function bh(e,t){let r,s;return e.weightsManifest!=null&&([r,s]=await t(e.weightsManifest)),yh(e,r,s)}function Tr(e){if(e.modelTopology instanceof ArrayBuffer)throw new Error("Expected JSON model topology, received ArrayBuffer.");return{dateSaved:new Date,modelTopologyType:"JSON",modelTopologyBytes:e.modelTopology==null?0:To(JSON.stringify(e.modelTopology)),weightSpecsBytes:e.weightSpecs==null?0:To(JSON.stringify(e.weightSpecs)),weightDataBytes:e.weightData==null?0:new rr(e.weightData).byteLength}}function Mo(e){const t=[];for(const r of e)t.push(...r.weights);return t}var nt=class Ne{constructor(){this.saveRouters=[],this.loadRouters=[]}static getInstance(){return Ne.instance==null&&(Ne.instance=new Ne),Ne.instance}static registerSaveRouter(t){Ne.getInstance().saveRouters.push(t)}static registerLoadRouter(t){Ne.getInstance().loadRouters.push(t)}static getSaveHandlers(t){return Ne.getHandlers(t,"save")}static getLoadHandlers(t,r){return Ne.getHandlers(t,"load",r)}static getHandlers(t,r,s){const n=[];return(r==="load"?Ne.getInstance().loadRouters:Ne.getInstance().saveRouters).forEach(i=>{const a=i(t,s);a!==null&&n.push(a)}),n}},Is="tensorflowjs",ks=1,ot="models_store",He="model_info_store";function zo(){if(!L().getBool("IS_BROWSER"))throw new Error("Failed to obtain IndexedDB factory because the current environmentis not a web browser.");const e=typeof window>"u"?self:window,t=e.indexedDB||e.mozIndexedDB||e.webkitIndexedDB||e.msIndexedDB||e.shimIndexedDB;if(t==null)throw new Error("The current browser does not appear to support IndexedDB.");return t}function $s(e){const t=e.result;t.createObjectStore(ot,{keyPath:"modelPath"}),t.createObjectStore(He,{keyPath:"modelPath"})}var it=class{constructor(e){if(this.indexedDB=zo(),e==null||!e)throw new Error("For IndexedDB, modelPath must not be null, undefined or empty.");this.modelPath=e}async save(e){if(e.modelTopology instanceof ArrayBuffer)throw new Error("BrowserLocalStorage.save() does not support saving model topology in binary formats yet.");return this.databaseAction(this.modelPath,e)}async load(){return this.databaseAction(this.modelPath)}databaseAction(e,t){return new Promise((r,s)=>{const n=this.indexedDB.open(Is,ks);n.onupgradeneeded=()=>$s(n),n.onsuccess=()=>{const o=n.result;if(t==null){const i=o.transaction(ot,"readonly"),u=i.objectStore(ot).get(this.modelPath);u.onsuccess=()=>{if(u.result==null)return o.close(),s(new Error(`Cannot find model with path '${this.modelPath}' in IndexedDB.`));r(u.result.modelArtifacts)},u.onerror=l=>(o.close(),s(u.error)),i.oncomplete=()=>o.close()}else{t.weightData=rr.join(t.weightData);const i=Tr(t),a=o.transaction(He,"readwrite");let u=a.objectStore(He),l;try{l=u.put({modelPath:this.modelPath,modelArtifactsInfo:i})}catch(c){return s(c)}let h;l.onsuccess=()=>{h=o.transaction(ot,"readwrite");const c=h.objectStore(ot);let d;try{d=c.put({modelPath:this.modelPath,modelArtifacts:t,modelArtifactsInfo:i})}catch(p){return s(p)}d.onsuccess=()=>r({modelArtifactsInfo:i}),d.onerror=p=>{u=a.objectStore(He);const f=u.delete(this.modelPath);f.onsuccess=()=>(o.close(),s(d.error)),f.onerror=g=>(o.close(),s(d.error))}},l.onerror=c=>(o.close(),s(l.error)),a.oncomplete=()=>{h==null?o.close():h.oncomplete=()=>o.close()}}},n.onerror=o=>s(n.error)})}};it.URL_SCHEME="indexeddb://";var Bo=e=>L().getBool("IS_BROWSER")&&!Array.isArray(e)&&e.startsWith(it.URL_SCHEME)?Sh(e.slice(it.URL_SCHEME.length)):null;nt.registerSaveRouter(Bo),nt.registerLoadRouter(Bo);function Sh(e){return new it(e)}function Ch(e){return e.startsWith(it.URL_SCHEME)?e.slice(it.URL_SCHEME.length):e}var Ih=class{constructor(){this.indexedDB=zo()}async listModels(){return new Promise((e,t)=>{const r=this.indexedDB.open(Is,ks);r.onupgradeneeded=()=>$s(r),r.onsuccess=()=>{const s=r.result,n=s.transaction(He,"readonly"),i=n.objectStore(He).getAll();i.onsuccess=()=>{const a={};for(const u of i.result)a[u.modelPath]=u.modelArtifactsInfo;e(a)},i.onerror=a=>(s.close(),t(i.error)),n.oncomplete=()=>s.close()},r.onerror=s=>t(r.error)})}async removeModel(e){return e=Ch(e),new Promise((t,r)=>{const s=this.indexedDB.open(Is,ks);s.onupgradeneeded=()=>$s(s),s.onsuccess=()=>{const n=s.result,o=n.transaction(He,"readwrite"),i=o.objectStore(He),a=i.get(e);let u;a.onsuccess=()=>{if(a.result==null)return n.close(),r(new Error(`Cannot find model with path '${e}' in IndexedDB.`));{const l=i.delete(e),h=()=>{u=n.transaction(ot,"readwrite");const d=u.objectStore(ot).delete(e);d.onsuccess=()=>t(a.result.modelArtifactsInfo),d.onerror=p=>r(a.error)};l.onsuccess=h,l.onerror=c=>(h(),n.close(),r(a.error))}},a.onerror=l=>(n.close(),r(a.error)),o.oncomplete=()=>{u==null?n.close():u.oncomplete=()=>n.close()}},s.onerror=n=>r(s.error)})}},We="/",Nt="tensorflowjs_models",_o="info",kh="model_topology",$h="weight_specs",Rh="weight_data",Ph="model_metadata";function Oo(e){return{info:[Nt,e,_o].join(We),topology:[Nt,e,kh].join(We),weightSpecs:[Nt,e,$h].join(We),weightData:[Nt,e,Rh].join(We),modelMetadata:[Nt,e,Ph].join(We)}}function Lo(e){for(const t of Object.values(e))window.localStorage.removeItem(t)}function Ah(e){const t=e.split(We);if(t.length<3)throw new Error(`Invalid key format: ${e}`);return t.slice(1,t.length-1).join(We)}function Eh(e){return e.startsWith(at.URL_SCHEME)?e.slice(at.URL_SCHEME.length):e}var at=class{constructor(e){if(!L().getBool("IS_BROWSER")||typeof window>"u"||typeof window.localStorage>"u")throw new Error("The current environment does not support local storage.");if(this.LS=window.localStorage,e==null||!e)throw new Error("For local storage, modelPath must not be null, undefined or empty.");this.modelPath=e,this.keys=Oo(this.modelPath)}async save(e){if(e.modelTopology instanceof ArrayBuffer)throw new Error("BrowserLocalStorage.save() does not support saving model topology in binary formats yet.");{const t=JSON.stringify(e.modelTopology),r=JSON.stringify(e.weightSpecs),s=Tr(e),n=rr.join(e.weightData);try{this.LS.setItem(this.keys.info,JSON.stringify(s)),this.LS.setItem(this.keys.topology,t),this.LS.setItem(this.keys.weightSpecs,r),this.LS.setItem(this.keys.weightData,vh(n));const o={format:e.format,generatedBy:e.generatedBy,convertedBy:e.convertedBy,signature:e.signature!=null?e.signature:void 0,userDefinedMetadata:e.userDefinedMetadata!=null?e.userDefinedMetadata:void 0,modelInitializer:e.modelInitializer!=null?e.modelInitializer:void 0,initializerSignature:e.initializerSignature!=null?e.initializerSignature:void 0,trainingConfig:e.trainingConfig!=null?e.trainingConfig:void 0};return this.LS.setItem(this.keys.modelMetadata,JSON.stringify(o)),{modelArtifactsInfo:s}}catch{throw Lo(this.keys),new Error(`Failed to save model '${this.modelPath}' to local storage: size quota being exceeded is a possible cause of this failure: modelTopologyBytes=${s.modelTopologyBytes}, weightSpecsBytes=${s.weightSpecsBytes}, weightDataBytes=${s.weightDataBytes}.`)}}}async load(){const e=JSON.parse(this.LS.getItem(this.keys.info));if(e==null)throw new Error(`In local storage, there is no model with name '${this.modelPath}'`);if(e.modelTopologyType!=="JSON")throw new Error("BrowserLocalStorage does not support loading non-JSON model topology yet.");const t={},r=JSON.parse(this.LS.getItem(this.keys.topology));if(r==null)throw new Error(`In local storage, the topology of model '${this.modelPath}' is missing.`);t.modelTopology=r;const s=JSON.parse(this.LS.getItem(this.keys.weightSpecs));if(s==null)throw new Error(`In local storage, the weight specs of model '${this.modelPath}' are missing.`);t.weightSpecs=s;const n=this.LS.getItem(this.keys.modelMetadata);if(n!=null){const i=JSON.parse(n);t.format=i.format,t.generatedBy=i.generatedBy,t.convertedBy=i.convertedBy,i.signature!=null&&(t.signature=i.signature),i.userDefinedMetadata!=null&&(t.userDefinedMetadata=i.userDefinedMetadata),i.modelInitializer!=null&&(t.modelInitializer=i.modelInitializer),i.initializerSignature!=null&&(t.initializerSignature=i.initializerSignature),i.trainingConfig!=null&&(t.trainingConfig=i.trainingConfig)}const o=this.LS.getItem(this.keys.weightData);if(o==null)throw new Error(`In local storage, the binary weight values of model '${this.modelPath}' are missing.`);return t.weightData=xh(o),t}};at.URL_SCHEME="localstorage://";var Wo=e=>L().getBool("IS_BROWSER")&&!Array.isArray(e)&&e.startsWith(at.URL_SCHEME)?Dh(e.slice(at.URL_SCHEME.length)):null;nt.registerSaveRouter(Wo),nt.registerLoadRouter(Wo);function Dh(e){return new at(e)}var Nh=class{constructor(){_(L().getBool("IS_BROWSER"),()=>"Current environment is not a web browser"),_(typeof window>"u"||typeof window.localStorage<"u",()=>"Current browser does not appear to support localStorage"),this.LS=window.localStorage}async listModels(){const e={},t=Nt+We,r=We+_o;for(let s=0;s<this.LS.length;++s){const n=this.LS.key(s);if(n.startsWith(t)&&n.endsWith(r)){const o=Ah(n);e[o]=JSON.parse(this.LS.getItem(n))}}return e}async removeModel(e){e=Eh(e);const t=Oo(e);if(this.LS.getItem(t.info)==null)throw new Error(`Cannot find model at path '${e}'`);const r=JSON.parse(this.LS.getItem(t.info));return Lo(t),r}},Uo="://",Vo=class Ze{constructor(){this.managers={}}static getInstance(){return Ze.instance==null&&(Ze.instance=new Ze),Ze.instance}static registerManager(t,r){_(t!=null,()=>"scheme must not be undefined or null."),t.endsWith(Uo)&&(t=t.slice(0,t.indexOf(Uo))),_(t.length>0,()=>"scheme must not be an empty string.");const s=Ze.getInstance();_(s.managers[t]==null,()=>`A model store manager is already registered for scheme '${t}'.`),s.managers[t]=r}static getManager(t){const r=Ze.getInstance().managers[t];if(r==null)throw new Error(`Cannot find model manager for scheme '${t}'`);return r}static getSchemes(){return Object.keys(Ze.getInstance().managers)}},Th=class{constructor(){this.messageName="setTimeoutCustom",this.functionRefs=[],this.handledMessageCount=0,this.hasEventListener=!1}fetch(e,t){return fetch(e,t)}now(){return performance.now()}encode(e,t){if(t!=="utf-8"&&t!=="utf8")throw new Error(`Browser's encoder only supports utf-8, but got ${t}`);return this.textEncoder==null&&(this.textEncoder=new TextEncoder),this.textEncoder.encode(e)}decode(e,t){return new TextDecoder(t).decode(e)}setTimeoutCustom(e,t){if(typeof window>"u"||!L().getBool("USE_SETTIMEOUTCUSTOM")){setTimeout(e,t);return}this.functionRefs.push(e),setTimeout(()=>{window.postMessage({name:this.messageName,index:this.functionRefs.length-1},"*")},t),this.hasEventListener||(this.hasEventListener=!0,window.addEventListener("message",r=>{if(r.source===window&&r.data.name===this.messageName){r.stopPropagation();const s=this.functionRefs[r.data.index];s(),this.handledMessageCount++,this.handledMessageCount===this.functionRefs.length&&(this.functionRefs=[],this.handledMessageCount=0)}},!0))}isTypedArray(e){return ho(e)}};if(L().get("IS_BROWSER")){L().setPlatform("browser",new Th);try{Vo.registerManager(at.URL_SCHEME,new Nh)}catch{}try{Vo.registerManager(it.URL_SCHEME,new Ih)}catch{}}var Fh={importFetch:()=>Vu()},Rs,Mh=class{constructor(){this.util=Gu(),this.textEncoder=new this.util.TextEncoder}fetch(e,t){return L().global.fetch!=null?L().global.fetch(e,t):(Rs==null&&(Rs=Fh.importFetch()),Rs(e,t))}now(){const e=process.hrtime();return e[0]*1e3+e[1]/1e6}encode(e,t){if(t!=="utf-8"&&t!=="utf8")throw new Error(`Node built-in encoder only supports utf-8, but got ${t}`);return this.textEncoder.encode(e)}decode(e,t){return e.length===0?"":new this.util.TextDecoder(t).decode(e)}isTypedArray(e){return this.util.types.isFloat32Array(e)||this.util.types.isInt32Array(e)||this.util.types.isUint8Array(e)||this.util.types.isUint8ClampedArray(e)}};L().get("IS_NODE")&&!L().get("IS_BROWSER")&&L().setPlatform("node",new Mh);function ue(e,t="float32",r){return t=t||"float32",Rt(e),new Dr(e,t,r)}function zh(e,t){const r=j(e,"x","cast");if(!bn(t))throw new Error(`Failed to cast to unknown dtype ${t}`);if(t==="string"&&r.dtype!=="string"||t!=="string"&&r.dtype==="string")throw new Error("Only strings can be casted to strings");const s={x:r},n={dtype:t};return O.runKernel(as,s,n)}var Fr=J({cast_:zh});function Bh(e){const r={x:j(e,"x","clone","string_or_numeric")};return O.runKernel(ls,r)}var Go=J({clone_:Bh});function _h(e,t=!1){console.log(e.toString(t))}$o();var Oh={buffer:ue,cast:Fr,clone:Go,print:_h};rh(Oh);function Lh(e,t){let r=j(e,"a","add"),s=j(t,"b","add");[r,s]=st(r,s);const n={a:r,b:s};return O.runKernel(Ir,n)}var X=J({add_:Lh});function Wh(e,t){let r=j(e,"a","floorDiv"),s=j(t,"b","floorDiv");[r,s]=st(r,s);const n={a:r,b:s};return O.runKernel(us,n)}var Uh=J({floorDiv_:Wh});function Vh(e,t){let r=j(e,"a","div"),s=j(t,"b","div");if([r,s]=st(r,s),r.dtype==="int32"&&s.dtype==="int32")return Uh(r,s);const n={a:r,b:s},o={};return O.runKernel(Fn,n,o)}var Te=J({div_:Vh});function Gh(e,t){let r=j(e,"a","mul"),s=j(t,"b","mul");[r,s]=st(r,s);const n={a:r,b:s};return O.runKernel(ds,n)}var q=J({mul_:Gh});function qh(e){const t=j(e,"x","abs");if(t.dtype==="complex64"){const r={x:t};return O.runKernel(Tn,r)}else{const r={x:t};return O.runKernel(En,r)}}var Hh=J({abs_:qh});function Kh(e,t,r,s,n="NHWC",o){const i=e[3],a=[...t,i],u=Ho(n);return Ps(e,a,r,o,s,null,null,u)}function jh(e,t,r,s,n,o,i="channelsLast"){const[a,u]=sr(t);let l;if(i==="channelsLast")l=[a,u,e[3],e[3]];else if(i==="channelsFirst")l=[a,u,e[1],e[1]];else throw new Error(`Unknown dataFormat ${i}`);return Ps(e,l,r,s,n,o,!1,i)}function Xh(e,t,r,s,n,o,i="NDHWC"){const[a,u,l]=Es(t);let h,c;if(i==="NDHWC")c="channelsLast",h=[a,u,l,e[4],e[4]];else if(i==="NCDHW")c="channelsFirst",h=[a,u,l,e[1],e[1]];else throw new Error(`Unknown dataFormat ${i}`);return qo(e,h,r,s,n,!1,c,o)}function Ps(e,t,r,s,n,o,i=!1,a="channelsLast"){let[u,l,h,c]=[-1,-1,-1,-1];if(a==="channelsLast")[u,l,h,c]=e;else if(a==="channelsFirst")[u,c,l,h]=e;else throw new Error(`Unknown dataFormat ${a}`);const[d,p,,f]=t,[g,m]=sr(r),[w,y]=sr(s),x=Tt(d,w),S=Tt(p,y),{padInfo:C,outHeight:R,outWidth:E}=Zh(n,l,h,g,m,x,S,o,a),M=i?f*c:f;let z;return a==="channelsFirst"?z=[u,M,R,E]:a==="channelsLast"&&(z=[u,R,E,M]),{batchSize:u,dataFormat:a,inHeight:l,inWidth:h,inChannels:c,outHeight:R,outWidth:E,outChannels:M,padInfo:C,strideHeight:g,strideWidth:m,filterHeight:d,filterWidth:p,effectiveFilterHeight:x,effectiveFilterWidth:S,dilationHeight:w,dilationWidth:y,inShape:e,outShape:z,filterShape:t}}function qo(e,t,r,s,n,o=!1,i="channelsLast",a){let[u,l,h,c,d]=[-1,-1,-1,-1,-1];if(i==="channelsLast")[u,l,h,c,d]=e;else if(i==="channelsFirst")[u,d,l,h,c]=e;else throw new Error(`Unknown dataFormat ${i}`);const[p,f,g,,m]=t,[w,y,x]=Es(r),[S,C,R]=Es(s),E=Tt(p,S),M=Tt(f,C),z=Tt(g,R),{padInfo:W,outDepth:$,outHeight:k,outWidth:v}=Jh(n,l,h,c,w,y,x,E,M,z,a),A=o?m*d:m;let F;return i==="channelsFirst"?F=[u,A,$,k,v]:i==="channelsLast"&&(F=[u,$,k,v,A]),{batchSize:u,dataFormat:i,inDepth:l,inHeight:h,inWidth:c,inChannels:d,outDepth:$,outHeight:k,outWidth:v,outChannels:A,padInfo:W,strideDepth:w,strideHeight:y,strideWidth:x,filterDepth:p,filterHeight:f,filterWidth:g,effectiveFilterDepth:E,effectiveFilterHeight:M,effectiveFilterWidth:z,dilationDepth:S,dilationHeight:C,dilationWidth:R,inShape:e,outShape:F,filterShape:t}}function Qh(e,t,r,s,n){s==null&&(s=As(e,t,r));const o=e[0],i=e[1],a=nr((o-t+2*s)/r+1,n),u=nr((i-t+2*s)/r+1,n);return[a,u]}function Yh(e,t,r,s,n,o){n==null&&(n=As(e,t[0],s[0]));const i=[0,0,0,r];for(let a=0;a<3;a++)e[a]+2*n>=t[a]&&(i[a]=nr((e[a]-t[a]+2*n)/s[a]+1,o));return i}function As(e,t,r,s=1){const n=Tt(t,s);return Math.floor((e[0]*(r-1)-r+n)/2)}function sr(e){return typeof e=="number"?[e,e,e]:e.length===2?[e[0],e[1],1]:e}function Es(e){return typeof e=="number"?[e,e,e]:e}function Tt(e,t){return t<=1?e:e+(e-1)*(t-1)}function Zh(e,t,r,s,n,o,i,a,u){let l,h,c;if(typeof e=="number"){l={top:e,bottom:e,left:e,right:e,type:e===0?"VALID":"NUMBER"};const p=Qh([t,r],o,s,e,a);h=p[0],c=p[1]}else if(e==="same"){h=Math.ceil(t/s),c=Math.ceil(r/n);const d=Math.max(0,(h-1)*s+o-t),p=Math.max(0,(c-1)*n+i-r),f=Math.floor(d/2),g=d-f,m=Math.floor(p/2),w=p-m;l={top:f,bottom:g,left:m,right:w,type:"SAME"}}else if(e==="valid")l={top:0,bottom:0,left:0,right:0,type:"VALID"},h=Math.ceil((t-o+1)/s),c=Math.ceil((r-i+1)/n);else if(typeof e=="object"){const d=u==="channelsLast"?e[1][0]:e[2][0],p=u==="channelsLast"?e[1][1]:e[2][1],f=u==="channelsLast"?e[2][0]:e[3][0],g=u==="channelsLast"?e[2][1]:e[3][1];l={top:d,bottom:p,left:f,right:g,type:d===0&&p===0&&f===0&&g===0?"VALID":"EXPLICIT"},h=nr((t-o+d+p)/s+1,a),c=nr((r-i+f+g)/n+1,a)}else throw Error(`Unknown padding parameter: ${e}`);return{padInfo:l,outHeight:h,outWidth:c}}function Jh(e,t,r,s,n,o,i,a,u,l,h){let c,d,p,f;if(e==="valid"&&(e=0),typeof e=="number"){c={top:e,bottom:e,left:e,right:e,front:e,back:e,type:e===0?"VALID":"NUMBER"};const m=Yh([t,r,s,1],[a,u,l],1,[n,o,i],e,h);d=m[0],p=m[1],f=m[2]}else if(e==="same"){d=Math.ceil(t/n),p=Math.ceil(r/o),f=Math.ceil(s/i);const g=(d-1)*n+a-t,m=(p-1)*o+u-r,w=(f-1)*i+l-s,y=Math.floor(g/2),x=g-y,S=Math.floor(m/2),C=m-S,R=Math.floor(w/2),E=w-R;c={top:S,bottom:C,left:R,right:E,front:y,back:x,type:"SAME"}}else throw Error(`Unknown padding parameter: ${e}`);return{padInfo:c,outDepth:d,outHeight:p,outWidth:f}}function nr(e,t){if(!t)return Math.trunc(e);switch(t){case"round":return Math.round(e);case"ceil":return Math.ceil(e);case"floor":return Math.floor(e);default:throw new Error(`Unknown roundingMode ${t}`)}}function Ds(e){const[t,r,s]=sr(e);return t===1&&r===1&&s===1}function ep(e,t){return Ds(e)||Ds(t)}function tp(e){return sr(e).every(t=>t>0)}function Ho(e){if(e==="NHWC")return"channelsLast";if(e==="NCHW")return"channelsFirst";throw new Error(`Unknown dataFormat ${e}`)}function rp(e,t,r){if(r!=null){if(typeof t=="string")throw Error(`Error in ${e}: pad must be an integer when using dimRoundingMode ${r} but got pad ${t}.`);if(typeof t=="number")_(wr(t),()=>`Error in ${e}: pad must be an integer when using dimRoundingMode ${r} but got pad ${t}.`);else if(typeof t=="object")t.forEach(s=>{s.forEach(n=>{_(wr(n),()=>`Error in ${e}: pad must be an integer when using dimRoundingMode ${r} but got pad ${n}.`)})});else throw Error(`Error in ${e}: Unknown padding parameter: ${t}`)}}function sp(e,t){const s={x:j(e,"x","reshape","string_or_numeric")},n={shape:t};return O.runKernel(Zn,s,n)}var Ns=J({reshape_:sp});function np(e){const r={x:j(e,"x","sigmoid","float32")};return O.runKernel(hs,r)}var op=J({sigmoid_:np});function ip(e,t){let r=j(e,"broadcastTo","x");const s=r.shape;if(Rt(t),t.length<r.rank)throw new Error(`broadcastTo(): shape.length=${t.length} < input.rank=${r.rank}.`);if(t.length>r.rank){const l=r.shape.slice();for(;l.length<t.length;)l.unshift(1);r=Ns(r,l)}const n=r.shape,o=Array.from(t);for(let l=t.length-1;l>=0;l--)if(n[l]===t[l])o[l]=1;else if(r.shape[l]!==1)throw new Error(`broadcastTo(): [${s}] cannot be broadcast to [${t}].`);if(o.map((l,h)=>l>1?h:-1).filter(l=>l>=0).length===0)return Go(r);const a={x:r},u={reps:o};return O.runKernel(so,a,u)}var ap=J({broadcastTo_:ip});function up(e,t,r){Rt(e),r=r||Qt(t);const s={shape:e,value:t,dtype:r};return O.runKernel(On,{},s)}var Ko={};Je(Ko,{assertAndGetBroadcastShape:()=>Fs,getBroadcastDims:()=>jo,getReductionAxes:()=>Ts});function jo(e,t){const r=e.length,s=[];for(let n=0;n<r;n++){const o=r-1-n,i=e[o]||1;(t[t.length-1-n]||1)>1&&i===1&&s.unshift(o)}return s}function Ts(e,t){const r=[];for(let s=0;s<t.length;s++){const n=e[e.length-s-1],o=t.length-s-1,i=t[o];(n==null||n===1&&i>1)&&r.unshift(o)}return r}function Fs(e,t){const r=Math.max(e.length,t.length),s=new Array(r);for(let n=0;n<r;n++){let o=e[e.length-n-1];o==null&&(o=1);let i=t[t.length-n-1];if(i==null&&(i=1),o===1)s[r-n-1]=i;else if(i===1)s[r-n-1]=o;else if(o!==i){const a=`Operands could not be broadcast together with shapes ${e} and ${t}.`;throw Error(a)}else s[r-n-1]=o}return s}function lp(e){const r={x:j(e,"x","zerosLike")};return O.runKernel(no,r)}var Fe=J({zerosLike_:lp});function cp(e){const r={x:j(e,"x","elu","float32")};return O.runKernel(Mn,r)}var dp=J({elu_:cp});function Ms(e,t){for(let r=0;r<e.length;++r)if(e[e.length-r-1]!==t-1-r)return!1;return!0}function Xo(e,t,r){const s=e.length+t.length,n=[];let o=0,i=0;for(let a=0;a<s;a++)r.indexOf(a)===-1?n.push(e[o++]):n.push(t[i++]);return n}function hp(e,t){const r=[],s=e.length;for(let o=0;o<s;o++)t.indexOf(o)===-1&&r.push(e[o]);const n=t.map(o=>e[o]);return[r,n]}function pp(e,t){const r=t.map(s=>1);return Xo(e,r,t)}function fp(e,t,r){_(Ms(t,r),()=>`${e} supports only inner-most axes for now. Got axes ${t} and rank-${r} input.`)}function mp(e,t){if(Ms(e,t))return null;const r=[];for(let s=0;s<t;++s)e.indexOf(s)===-1&&r.push(s);return e.forEach(s=>r.push(s)),r}function gp(e){return e.map((t,r)=>[r,t]).sort((t,r)=>t[1]-r[1]).map(t=>t[0])}function wp(e,t){const r=[];for(let s=t-e;s<t;++s)r.push(s);return r}function vp(e,t){let r=j(e,"base","pow"),s=j(t,"exp","pow");[r,s]=st(r,s);const n={a:r,b:s};return O.runKernel(Xn,n)}var Qo=J({pow_:vp});function ut(e,t){if((Ie(e)&&t!=="string"||Array.isArray(e))&&t!=="complex64")throw new Error("Error creating a new Scalar: value must be a primitive (number|boolean|string)");if(t==="string"&&Ie(e)&&!(e instanceof Uint8Array))throw new Error("When making a scalar from encoded string, the value must be `Uint8Array`.");return Eo(e,[],[],t)}function xp(e){const r={x:j(e,"x","sqrt","float32")};return O.runKernel(ps,r)}var Ft=J({sqrt_:xp});function yp(e){const t=j(e,"x","square"),r={};return O.runKernel("Square",{x:t},r)}var lt=J({square_:yp});function bp(e,t=null,r=!1){let s=j(e,"x","sum");s.dtype==="bool"&&(s=Fr(s,"int32"));const n={x:s},o={axis:t,keepDims:r};return O.runKernel(to,n,o)}var Sp=J({sum_:bp});function Cp(e,t=.2){const s={x:j(e,"x","leakyRelu")},n={alpha:t};return O.runKernel(Vn,s,n)}var Ip=J({leakyRelu_:Cp});function kp(e,t){_(yr(e),()=>"The f passed in variableGrads(f) must be a function"),_(t==null||Array.isArray(t)&&t.every(l=>l instanceof Nr),()=>"The varList passed in variableGrads(f, varList) must be an array of variables");const r=t!=null;if(!r){t=[];for(const l in O.registeredVariables)t.push(O.registeredVariables[l])}const s=r?t.filter(l=>!l.trainable):null,n=t.length;t=t.filter(l=>l.trainable),_(t.length>0,()=>`variableGrads() expects at least one of the input variables to be trainable, but none of the ${n} variables is trainable.`);const o=!0,{value:i,grads:a}=O.gradients(e,t,null,o);_(a.some(l=>l!=null),()=>"Cannot find a connection between any variable and the result of the loss function y=f(x). Please make sure the operations that use variables are inside the function f passed to minimize()."),_(i.rank===0,()=>`The f passed in variableGrads(f) must return a scalar, but it returned a rank-${i.rank} tensor`);const u={};return t.forEach((l,h)=>{a[h]!=null&&(u[l.name]=a[h])}),s?.forEach(l=>u[l.name]=null),{value:i,grads:u}}function $p(e,t){let r=j(e,"a","sub"),s=j(t,"b","sub");[r,s]=st(r,s);const n={a:r,b:s};return O.runKernel(fs,n)}var Mt=J({sub_:$p});function Rp(e,t){let r=j(e,"a","maximum"),s=j(t,"b","maximum");[r,s]=st(r,s),r.dtype==="bool"&&(r=Fr(r,"int32"),s=Fr(s,"int32")),Fs(r.shape,s.shape);const n={a:r,b:s};return O.runKernel(cs,n)}var Pp=J({maximum_:Rp});function zs(e,t="float32"){if(Rt(e),t==="complex64"){const s=zs(e,"float32"),n=zs(e,"float32");return hh(s,n)}const r=Sr(pe(e),t);return O.makeTensor(r,e,t)}function Ap(e,t){const r=j(e,"x","prelu"),s=j(t,"alpha","prelu"),n={x:r,alpha:s};return O.runKernel(Qn,n)}var Ep=J({prelu_:Ap});function Dp(e){const r={x:j(e,"x","relu")};return O.runKernel(Yn,r)}var Np=J({relu_:Dp});function Tp(e){const r={x:j(e,"x","relu6")};return O.runKernel(Jn,r)}var Fp=J({relu6_:Tp});function Mp(e,t=0){const s={x:j(e,"x","step")},n={alpha:t};return O.runKernel(oo,s,n)}var zp=J({step_:Mp});function Yo(e,t,r){const s=t.rank>1?t.shape[t.rank-1]:1,n=t.rank>1?t.rank-1:1,o=`Must have updates.shape = indices.shape[:batchDim] + shape[sliceDim:], got updates.shape: ${r.shape}, indices.shape: ${t.shape}, shape: ${e}, sliceDim: ${s}, and batchDim: ${n}.`;if(r.rank<n)throw new Error(o+` update.rank < ${n}. `);if(e.length<s+(r.rank-n))throw new Error(o+` Output shape length < ${s+(r.rank-n)}`);if(r.rank!==n+e.length-s)throw new Error(o+` update.rank != ${n+e.length-s}`);for(let i=0;i<n;++i)if(r.shape[i]!==t.shape[i])throw new Error(o+` updates.shape[${i}] (${r.shape[i]}) != indices.shape[${i}] (${t.shape[i]}).`);for(let i=0;i<r.rank-n;++i)if(r.shape[i+n]!==e[i+s])throw new Error(o+` updates.shape[${i+n}] (${r.shape[i+n]}) != shape[${i+n}] (${e[i+n]})`)}function Bp(e,t,r){if(t.rank<1)throw new Error(`tf.scatterND() expects the indices to be rank 1 or higher, but the rank was ${t.rank}.`);if(e.rank<1)throw new Error(`tf.scatterND() expects the updates to be rank 1 or higher, but the rank was ${e.rank}.`);if(t.dtype!=="int32")throw new Error(`The dtype of 'indices' should be int32, but got dtype: ${t.dtype}`);if(r.length<1)throw new Error(`Output rank must be greater or equal to 1, but got shape: ${r}`);if(r.length===0){if(t.size===0)throw new Error(`Indices specified for empty output. indices shape: ${t.shape}`);if(e.size===0)throw new Error(`Updates specified for empty output. updates shape: ${e.shape}`)}Yo(r,t,e)}function _p(e,t,r){const s=t.shape.length,n=s>1?t.shape[s-1]:1,o=r.length;let i=1;for(let c=n;c<o;++c)i*=r[c];const a=n<1?1:n,u=pe(t.shape)/a,l=[...kt(r.slice(0,n)),1],h=pe(r);return{sliceRank:n,numUpdates:u,sliceSize:i,strides:l,outputSize:h}}function Op(e,t){const r=[];for(let o=0;o<t.length;o++)t[o]&&r.push(o);const s=ue(e,"int32"),n=ue([r.length,e.length],"int32");for(let o=0;o<r.length;o++){const i=s.indexToLoc(r[o]),a=o*e.length;n.values.set(i,a)}return n.toTensor()}function Lp(e,t,r){if(r==null||r==="linear")return e;if(r==="relu")return q(e,zp(t));throw new Error(`Cannot compute gradient for fused activation ${r}.`)}function Wp(e,t){let r=t;const s=Ts(e.shape,t.shape);return s.length>0&&(r=Sp(r,s)),Ns(r,e.shape)}function Up(e,t,r,s){if(t==="linear")return e;if(t==="relu")return Np(e);if(t==="elu")return dp(e);if(t==="relu6")return Fp(e);if(t==="prelu")return Ep(e,r);if(t==="leakyrelu")return Ip(e,s);if(t==="sigmoid")return op(e);throw new Error(`Unknown fused activation ${t}.`)}var Vp=(e,t)=>!(e>0)||t==="linear";function Gp(e,t,r){const s=qp(e,t,r),n=s<0?-(s+1):s;e.splice(n,0,t)}function qp(e,t,r){return Kp(e,t,r||Hp)}function Hp(e,t){return e>t?1:e<t?-1:0}function Kp(e,t,r){let s=0,n=e.length,o=0,i=!1;for(;s<n;){o=s+(n-s>>>1);const a=r(t,e[o]);a>0?s=o+1:(n=o,i=!a)}return i?s:-s-1}function jp(e,t,r,s,n){return Bs(e,t,r,s,n,0)}function Xp(e,t,r,s,n,o){return Bs(e,t,r,s,n,0,!1,o,!0)}function Qp(e,t,r,s,n,o){return Bs(e,t,r,s,n,o,!0)}function Bs(e,t,r,s,n,o,i=!1,a=!1,u=!1){const l=[];for(let m=0;m<t.length;m++)t[m]>n&&l.push({score:t[m],boxIndex:m,suppressBeginIndex:0});l.sort(Zo);const h=o>0?-.5/o:0,c=[],d=[];for(;c.length<r&&l.length>0;){const m=l.pop(),{score:w,boxIndex:y,suppressBeginIndex:x}=m;if(w<n)break;let S=!1;for(let C=c.length-1;C>=x;--C){const R=Yp(e,y,c[C]);if(R>=s){S=!0;break}if(m.score=m.score*Zp(s,h,R),m.score<=n)break}m.suppressBeginIndex=c.length,S||(m.score===w?(c.push(y),d.push(m.score)):m.score>n&&Gp(l,m,Zo))}const p=c.length,f=r-p;a&&f>0&&(c.push(...new Array(f).fill(0)),d.push(...new Array(f).fill(0)));const g={selectedIndices:c};return i&&(g.selectedScores=d),u&&(g.validOutputs=p),g}function Yp(e,t,r){const s=e.subarray(t*4,t*4+4),n=e.subarray(r*4,r*4+4),o=Math.min(s[0],s[2]),i=Math.min(s[1],s[3]),a=Math.max(s[0],s[2]),u=Math.max(s[1],s[3]),l=Math.min(n[0],n[2]),h=Math.min(n[1],n[3]),c=Math.max(n[0],n[2]),d=Math.max(n[1],n[3]),p=(a-o)*(u-i),f=(c-l)*(d-h);if(p<=0||f<=0)return 0;const g=Math.max(o,l),m=Math.max(i,h),w=Math.min(a,c),y=Math.min(u,d),x=Math.max(w-g,0)*Math.max(y-m,0);return x/(p+f-x)}function Zp(e,t,r){const s=Math.exp(t*r*r);return r<=e?s:0}function Zo(e,t){return e.score-t.score||e.score===t.score&&t.boxIndex-e.boxIndex}var Jp=new Map,ef=new Map,tf=class{getClassName(){return this.constructor.className}static fromConfig(e,t){return new e(t)}},rf=class Kt{constructor(){this.classNameMap={}}static getMap(){return Kt.instance==null&&(Kt.instance=new Kt),Kt.instance}static register(t){Kt.getMap().classNameMap[t.className]=[t,t.fromConfig]}};function sf(e,t,r){_(e.className!=null,()=>"Class being registered does not have the static className property defined."),_(typeof e.className=="string",()=>"className is required to be a string, but got type "+typeof e.className),_(e.className.length>0,()=>"Class being registered has an empty-string as its className, which is disallowed."),typeof t>"u"&&(t="Custom"),typeof r>"u"&&(r=e.className);const s=r,n=t+">"+s;return rf.register(e),Jp.set(n,e),ef.set(e,n),e}var ct=class extends tf{minimize(e,t=!1,r){const{value:s,grads:n}=this.computeGradients(e,r);if(r!=null){const o=r.map(i=>({name:i.name,tensor:n[i.name]}));this.applyGradients(o)}else this.applyGradients(n);return ke(n),t?s:(s.dispose(),null)}get iterations(){return this.iterations_==null&&(this.iterations_=0),this.iterations_}incrementIterations(){this.iterations_=this.iterations+1}computeGradients(e,t){return kp(e,t)}dispose(){this.iterations_!=null&&ke(this.iterations_)}async saveIterations(){return this.iterations_==null&&(this.iterations_=0),{name:"iter",tensor:ut(this.iterations_,"int32")}}async getWeights(){throw new Error("getWeights() is not implemented for this optimizer yet.")}async setWeights(e){throw new Error(`setWeights() is not implemented for this optimizer class ${this.getClassName()}`)}async extractIterations(e){return this.iterations_=(await e[0].tensor.data())[0],e.slice(1)}};Object.defineProperty(ct,Symbol.hasInstance,{value:e=>e.minimize!=null&&e.computeGradients!=null&&e.applyGradients!=null});var nf=class extends ct{static get className(){return"Adadelta"}constructor(e,t,r=null){super(),this.learningRate=e,this.rho=t,this.epsilon=r,this.accumulatedGrads=[],this.accumulatedUpdates=[],r==null&&(this.epsilon=O.backend.epsilon())}applyGradients(e){(Array.isArray(e)?e.map(r=>r.name):Object.keys(e)).forEach((r,s)=>{const n=O.registeredVariables[r],o=!1;this.accumulatedGrads[s]==null&&(this.accumulatedGrads[s]={originalName:`${r}/accum_grad`,variable:ae(()=>Fe(n).variable(o))}),this.accumulatedUpdates[s]==null&&(this.accumulatedUpdates[s]={originalName:`${r}/accum_var`,variable:ae(()=>Fe(n).variable(o))});const i=Array.isArray(e)?e[s].tensor:e[r];if(i==null)return;const a=this.accumulatedGrads[s].variable,u=this.accumulatedUpdates[s].variable;ae(()=>{const l=X(q(a,this.rho),q(lt(i),1-this.rho)),h=q(Te(Ft(X(u,this.epsilon)),Ft(X(a,this.epsilon))),i),c=X(q(u,this.rho),q(lt(h),1-this.rho));a.assign(l),u.assign(c);const d=X(q(h,-this.learningRate),n);n.assign(d)})}),this.incrementIterations()}dispose(){this.accumulatedUpdates!=null&&(ke(this.accumulatedGrads.map(e=>e.variable)),ke(this.accumulatedUpdates.map(e=>e.variable)))}async getWeights(){const e=[...this.accumulatedGrads,...this.accumulatedUpdates];return[await this.saveIterations()].concat(e.map(t=>({name:t.originalName,tensor:t.variable})))}async setWeights(e){e=await this.extractIterations(e);const t=e.length/2,r=!1;this.accumulatedGrads=e.slice(0,t).map(s=>({originalName:s.name,variable:s.tensor.variable(r)})),this.accumulatedUpdates=e.slice(t,t*2).map(s=>({originalName:s.name,variable:s.tensor.variable(r)}))}getConfig(){return{learningRate:this.learningRate,rho:this.rho,epsilon:this.epsilon}}static fromConfig(e,t){return new e(t.learningRate,t.rho,t.epsilon)}},of=class extends ct{static get className(){return"Adagrad"}constructor(e,t=.1){super(),this.learningRate=e,this.initialAccumulatorValue=t,this.accumulatedGrads=[]}applyGradients(e){(Array.isArray(e)?e.map(r=>r.name):Object.keys(e)).forEach((r,s)=>{const n=O.registeredVariables[r];this.accumulatedGrads[s]==null&&(this.accumulatedGrads[s]={originalName:`${r}/accumulator`,variable:ae(()=>up(n.shape,this.initialAccumulatorValue).variable(!1))});const o=Array.isArray(e)?e[s].tensor:e[r];if(o==null)return;const i=this.accumulatedGrads[s].variable;ae(()=>{const a=X(i,lt(o));i.assign(a);const u=X(q(Te(o,Ft(X(a,O.backend.epsilon()))),-this.learningRate),n);n.assign(u)})}),this.incrementIterations()}dispose(){this.accumulatedGrads!=null&&ke(this.accumulatedGrads.map(e=>e.variable))}async getWeights(){return[await this.saveIterations()].concat(this.accumulatedGrads.map(e=>({name:e.originalName,tensor:e.variable})))}async setWeights(e){e=await this.extractIterations(e);const t=!1;this.accumulatedGrads=e.map(r=>({originalName:r.name,variable:r.tensor.variable(t)}))}getConfig(){return{learningRate:this.learningRate,initialAccumulatorValue:this.initialAccumulatorValue}}static fromConfig(e,t){return new e(t.learningRate,t.initialAccumulatorValue)}},af=class extends ct{static get className(){return"Adam"}constructor(e,t,r,s=null){super(),this.learningRate=e,this.beta1=t,this.beta2=r,this.epsilon=s,this.accumulatedFirstMoment=[],this.accumulatedSecondMoment=[],ae(()=>{this.accBeta1=ut(t).variable(),this.accBeta2=ut(r).variable()}),s==null&&(this.epsilon=O.backend.epsilon())}applyGradients(e){const t=Array.isArray(e)?e.map(r=>r.name):Object.keys(e);ae(()=>{const r=Mt(1,this.accBeta1),s=Mt(1,this.accBeta2);t.forEach((n,o)=>{const i=O.registeredVariables[n],a=!1;this.accumulatedFirstMoment[o]==null&&(this.accumulatedFirstMoment[o]={originalName:`${n}/m`,variable:ae(()=>Fe(i).variable(a))}),this.accumulatedSecondMoment[o]==null&&(this.accumulatedSecondMoment[o]={originalName:`${n}/v`,variable:ae(()=>Fe(i).variable(a))});const u=Array.isArray(e)?e[o].tensor:e[n];if(u==null)return;const l=this.accumulatedFirstMoment[o].variable,h=this.accumulatedSecondMoment[o].variable,c=X(q(l,this.beta1),q(u,1-this.beta1)),d=X(q(h,this.beta2),q(lt(u),1-this.beta2)),p=Te(c,r),f=Te(d,s);l.assign(c),h.assign(d);const g=X(q(Te(p,X(Ft(f),this.epsilon)),-this.learningRate),i);i.assign(g)}),this.accBeta1.assign(q(this.accBeta1,this.beta1)),this.accBeta2.assign(q(this.accBeta2,this.beta2))}),this.incrementIterations()}dispose(){this.accBeta1.dispose(),this.accBeta2.dispose(),this.accumulatedFirstMoment!=null&&ke(this.accumulatedFirstMoment.map(e=>e.variable)),this.accumulatedSecondMoment!=null&&ke(this.accumulatedSecondMoment.map(e=>e.variable))}async getWeights(){const e=[...this.accumulatedFirstMoment,...this.accumulatedSecondMoment];return[await this.saveIterations()].concat(e.map(t=>({name:t.originalName,tensor:t.variable})))}async setWeights(e){e=await this.extractIterations(e),ae(()=>{this.accBeta1.assign(Qo(this.beta1,this.iterations_+1)),this.accBeta2.assign(Qo(this.beta2,this.iterations_+1))});const t=e.length/2,r=!1;this.accumulatedFirstMoment=e.slice(0,t).map(s=>({originalName:s.name,variable:s.tensor.variable(r)})),this.accumulatedSecondMoment=e.slice(t,t*2).map(s=>({originalName:s.name,variable:s.tensor.variable(r)}))}getConfig(){return{learningRate:this.learningRate,beta1:this.beta1,beta2:this.beta2,epsilon:this.epsilon}}static fromConfig(e,t){return new e(t.learningRate,t.beta1,t.beta2,t.epsilon)}},uf=class extends ct{static get className(){return"Adamax"}constructor(e,t,r,s=null,n=0){super(),this.learningRate=e,this.beta1=t,this.beta2=r,this.epsilon=s,this.decay=n,this.accumulatedFirstMoment=[],this.accumulatedWeightedInfNorm=[],ae(()=>{this.iteration=ut(0).variable(),this.accBeta1=ut(t).variable()}),s==null&&(this.epsilon=O.backend.epsilon())}applyGradients(e){const t=Array.isArray(e)?e.map(r=>r.name):Object.keys(e);ae(()=>{const r=Mt(1,this.accBeta1),s=Te(-this.learningRate,X(q(this.iteration,this.decay),1));t.forEach((n,o)=>{const i=O.registeredVariables[n],a=!1;this.accumulatedFirstMoment[o]==null&&(this.accumulatedFirstMoment[o]={originalName:`${n}/m`,variable:Fe(i).variable(a)}),this.accumulatedWeightedInfNorm[o]==null&&(this.accumulatedWeightedInfNorm[o]={originalName:`${n}/v`,variable:Fe(i).variable(a)});const u=Array.isArray(e)?e[o].tensor:e[n];if(u==null)return;const l=this.accumulatedFirstMoment[o].variable,h=this.accumulatedWeightedInfNorm[o].variable,c=X(q(l,this.beta1),q(u,1-this.beta1)),d=q(h,this.beta2),p=Hh(u),f=Pp(d,p);l.assign(c),h.assign(f);const g=X(q(Te(s,r),Te(c,X(f,this.epsilon))),i);i.assign(g)}),this.iteration.assign(X(this.iteration,1)),this.accBeta1.assign(q(this.accBeta1,this.beta1))}),this.incrementIterations()}dispose(){this.accBeta1.dispose(),this.iteration.dispose(),this.accumulatedFirstMoment!=null&&ke(this.accumulatedFirstMoment.map(e=>e.variable)),this.accumulatedWeightedInfNorm!=null&&ke(this.accumulatedWeightedInfNorm.map(e=>e.variable))}async getWeights(){throw new Error("getWeights() is not implemented for Adamax yet.")}async setWeights(e){throw new Error("setWeights() is not implemented for Adamax yet.")}getConfig(){return{learningRate:this.learningRate,beta1:this.beta1,beta2:this.beta2,epsilon:this.epsilon,decay:this.decay}}static fromConfig(e,t){return new e(t.learningRate,t.beta1,t.beta2,t.epsilon,t.decay)}},Jo=class extends ct{static get className(){return"SGD"}constructor(e){super(),this.learningRate=e,this.setLearningRate(e)}applyGradients(e){(Array.isArray(e)?e.map(r=>r.name):Object.keys(e)).forEach((r,s)=>{const n=Array.isArray(e)?e[s].tensor:e[r];if(n==null)return;const o=O.registeredVariables[r];ae(()=>{const i=X(q(this.c,n),o);o.assign(i)})}),this.incrementIterations()}setLearningRate(e){this.learningRate=e,this.c!=null&&this.c.dispose(),this.c=mh(ut(-e))}dispose(){this.c.dispose()}async getWeights(){return[await this.saveIterations()]}async setWeights(e){if(e=await this.extractIterations(e),e.length!==0)throw new Error("SGD optimizer does not have settable weights.")}getConfig(){return{learningRate:this.learningRate}}static fromConfig(e,t){return new e(t.learningRate)}},lf=class extends Jo{static get className(){return"Momentum"}constructor(e,t,r=!1){super(e),this.learningRate=e,this.momentum=t,this.useNesterov=r,this.accumulations=[],this.m=ut(this.momentum)}applyGradients(e){(Array.isArray(e)?e.map(r=>r.name):Object.keys(e)).forEach((r,s)=>{const n=O.registeredVariables[r];this.accumulations[s]==null&&(this.accumulations[s]={originalName:`${r}/momentum`,variable:ae(()=>Fe(n).variable(!1))});const o=this.accumulations[s].variable,i=Array.isArray(e)?e[s].tensor:e[r];i!=null&&ae(()=>{let a;const u=X(q(this.m,o),i);this.useNesterov?a=X(q(this.c,X(i,q(u,this.m))),n):a=X(q(this.c,u),n),o.assign(u),n.assign(a)})}),this.incrementIterations()}dispose(){this.m.dispose(),this.accumulations!=null&&ke(this.accumulations.map(e=>e.variable))}setMomentum(e){this.momentum=e}async getWeights(){return[await this.saveIterations()].concat(this.accumulations.map(e=>({name:e.originalName,tensor:e.variable})))}async setWeights(e){e=await this.extractIterations(e);const t=!1;this.accumulations=e.map(r=>({originalName:r.name,variable:r.tensor.variable(t)}))}getConfig(){return{learningRate:this.learningRate,momentum:this.momentum,useNesterov:this.useNesterov}}static fromConfig(e,t){return new e(t.learningRate,t.momentum,t.useNesterov)}},cf=class extends ct{static get className(){return"RMSProp"}constructor(e,t=.9,r=0,s=null,n=!1){if(super(),this.learningRate=e,this.decay=t,this.momentum=r,this.epsilon=s,this.accumulatedMeanSquares=[],this.accumulatedMoments=[],this.accumulatedMeanGrads=[],this.centered=n,s==null&&(this.epsilon=O.backend.epsilon()),e==null)throw new Error("learningRate for RMSPropOptimizer must be defined.")}applyGradients(e){(Array.isArray(e)?e.map(r=>r.name):Object.keys(e)).forEach((r,s)=>{const n=O.registeredVariables[r],o=!1;this.accumulatedMeanSquares[s]==null&&(this.accumulatedMeanSquares[s]={originalName:`${r}/rms`,variable:ae(()=>Fe(n).variable(o))}),this.accumulatedMoments[s]==null&&(this.accumulatedMoments[s]={originalName:`${r}/momentum`,variable:ae(()=>Fe(n).variable(o))}),this.accumulatedMeanGrads[s]==null&&this.centered&&(this.accumulatedMeanGrads[s]={originalName:`${r}/mg`,variable:ae(()=>Fe(n).variable(o))});const i=Array.isArray(e)?e[s].tensor:e[r];if(i==null)return;const a=this.accumulatedMeanSquares[s].variable,u=this.accumulatedMoments[s].variable;ae(()=>{const l=X(q(a,this.decay),q(lt(i),1-this.decay));if(this.centered){const h=this.accumulatedMeanGrads[s].variable,c=X(q(h,this.decay),q(i,1-this.decay)),d=Te(q(i,this.learningRate),Ft(Mt(l,X(lt(c),this.epsilon)))),p=X(q(u,this.momentum),d);a.assign(l),h.assign(c),u.assign(p);const f=Mt(n,p);n.assign(f)}else{const h=X(q(a,this.decay),q(lt(i),1-this.decay)),c=X(q(u,this.momentum),Te(q(i,this.learningRate),Ft(X(h,this.epsilon))));a.assign(h),u.assign(c);const d=Mt(n,c);n.assign(d)}})}),this.incrementIterations()}dispose(){this.accumulatedMeanSquares!=null&&ke(this.accumulatedMeanSquares.map(e=>e.variable)),this.accumulatedMeanGrads!=null&&this.centered&&ke(this.accumulatedMeanGrads.map(e=>e.variable)),this.accumulatedMoments!=null&&ke(this.accumulatedMoments.map(e=>e.variable))}async getWeights(){const e=[...this.accumulatedMeanSquares,...this.accumulatedMoments];return this.centered&&e.push(...this.accumulatedMeanGrads),[await this.saveIterations()].concat(e.map(t=>({name:t.originalName,tensor:t.variable})))}async setWeights(e){e=await this.extractIterations(e);const t=this.centered?e.length/3:e.length/2,r=!1;this.accumulatedMeanSquares=e.slice(0,t).map(s=>({originalName:s.name,variable:s.tensor.variable(r)})),this.accumulatedMoments=e.slice(t,t*2).map(s=>({originalName:s.name,variable:s.tensor.variable(r)})),this.centered&&(this.accumulatedMeanGrads=e.slice(t*2,t*3).map(s=>({originalName:s.name,variable:s.tensor.variable(r)})))}getConfig(){return{learningRate:this.learningRate,decay:this.decay,momentum:this.momentum,epsilon:this.epsilon,centered:this.centered}}static fromConfig(e,t){return new e(t.learningRate,t.decay,t.momentum,t.epsilon,t.centered)}},df=[nf,of,af,uf,lf,cf,Jo];function hf(){for(const e of df)sf(e)}var pf="model",ff=".json",mf=".weights.bin";function ei(e){return new Promise(t=>setTimeout(t)).then(e)}var Mr=class pn{constructor(t){if(!L().getBool("IS_BROWSER"))throw new Error("browserDownloads() cannot proceed because the current environment is not a browser.");t.startsWith(pn.URL_SCHEME)&&(t=t.slice(pn.URL_SCHEME.length)),(t==null||t.length===0)&&(t=pf),this.modelJsonFileName=t+ff,this.weightDataFileName=t+mf}async save(t){if(typeof document>"u")throw new Error("Browser downloads are not supported in this environment since `document` is not present");const r=rr.join(t.weightData),s=window.URL.createObjectURL(new Blob([r],{type:"application/octet-stream"}));if(t.modelTopology instanceof ArrayBuffer)throw new Error("BrowserDownloads.save() does not support saving model topology in binary formats yet.");{const n=[{paths:["./"+this.weightDataFileName],weights:t.weightSpecs}],o=Fo(t,n),i=window.URL.createObjectURL(new Blob([JSON.stringify(o)],{type:"application/json"})),a=this.modelJsonAnchor==null?document.createElement("a"):this.modelJsonAnchor;if(a.download=this.modelJsonFileName,a.href=i,await ei(()=>a.dispatchEvent(new MouseEvent("click"))),t.weightData!=null){const u=this.weightDataAnchor==null?document.createElement("a"):this.weightDataAnchor;u.download=this.weightDataFileName,u.href=s,await ei(()=>u.dispatchEvent(new MouseEvent("click")))}return{modelArtifactsInfo:Tr(t)}}}};Mr.URL_SCHEME="downloads://";var gf=e=>L().getBool("IS_BROWSER")&&!Array.isArray(e)&&e.startsWith(Mr.URL_SCHEME)?wf(e.slice(Mr.URL_SCHEME.length)):null;nt.registerSaveRouter(gf);function wf(e="model"){return new Mr(e)}function ti(e,t,r,s){i(e),r=r??0,s=s??1,a(r,s);let n=0;const o=u=>(u.then(l=>{const h=r+ ++n/e.length*(s-r);return t(h),l}),u);function i(u){_(u!=null&&Array.isArray(u)&&u.length>0,()=>"promises must be a none empty array")}function a(u,l){_(u>=0&&u<=1,()=>`Progress fraction must be in range [0, 1], but got startFraction ${u}`),_(l>=0&&l<=1,()=>`Progress fraction must be in range [0, 1], but got endFraction ${l}`),_(l>=u,()=>`startFraction must be no more than endFraction, but got startFraction ${u} and endFraction ${l}`)}return Promise.all(e.map(o))}async function vf(e,t){t==null&&(t={});const r=t.fetchFunc==null?L().platform.fetch:t.fetchFunc,s=e.map(c=>r(c,t.requestInit,{isBinary:!0})),a=(t.onProgress==null?await Promise.all(s):await ti(s,t.onProgress,0,.5)).map(c=>c.arrayBuffer());return t.onProgress==null?await Promise.all(a):await ti(a,t.onProgress,.5,1)}function xf(e,t){var r;const s=t.fetchFunc==null?L().platform.fetch:t.fetchFunc;let n=0,o;return(r=t.onProgress)===null||r===void 0||r.call(t,0),new ReadableStream({pull:async i=>{for(var a;n<e.length;){o||(o=(await s(e[n],t.requestInit,{isBinary:!0})).body.getReader());const{done:u,value:l}=await o.read();if(u){n++,o=void 0,(a=t.onProgress)===null||a===void 0||a.call(t,n/e.length);continue}i.enqueue(l);return}i.close()}})}var yf="application/octet-stream",bf="application/json",_s=class{constructor(e,t){if(this.DEFAULT_METHOD="POST",t==null&&(t={}),this.weightPathPrefix=t.weightPathPrefix,this.weightUrlConverter=t.weightUrlConverter,t.fetchFunc!=null?(_(typeof t.fetchFunc=="function",()=>"Must pass a function that matches the signature of `fetch` (see https://developer.mozilla.org/en-US/docs/Web/API/Fetch_API)"),this.fetch=t.fetchFunc):this.fetch=L().platform.fetch,_(e!=null&&e.length>0,()=>"URL path for http must not be null, undefined or empty."),Array.isArray(e)&&_(e.length===2,()=>`URL paths for http must have a length of 2, (actual length is ${e.length}).`),this.path=e,t.requestInit!=null&&t.requestInit.body!=null)throw new Error("requestInit is expected to have no pre-existing body, but has one.");this.requestInit=t.requestInit||{},this.loadOptions=t}async save(e){if(e.modelTopology instanceof ArrayBuffer)throw new Error("BrowserHTTPRequest.save() does not support saving model topology in binary formats yet.");const t=Object.assign({method:this.DEFAULT_METHOD},this.requestInit);t.body=new FormData;const r=[{paths:["./model.weights.bin"],weights:e.weightSpecs}],s=Fo(e,r);if(t.body.append("model.json",new Blob([JSON.stringify(s)],{type:bf}),"model.json"),e.weightData!=null){const o=rr.join(e.weightData);t.body.append("model.weights.bin",new Blob([o],{type:yf}),"model.weights.bin")}const n=await this.fetch(this.path,t);if(n.ok)return{modelArtifactsInfo:Tr(e),responses:[n]};throw new Error(`BrowserHTTPRequest.save() failed due to HTTP response status ${n.status}.`)}async loadModelJSON(){const e=await this.fetch(this.path,this.requestInit);if(!e.ok)throw new Error(`Request to ${this.path} failed with status code ${e.status}. Please verify this URL points to the model JSON of the model to load.`);let t;try{t=await e.json()}catch{let o=`Failed to parse model JSON of response from ${this.path}.`;throw this.path.endsWith(".pb")?o+=" Your path contains a .pb file extension. Support for .pb models have been removed in TensorFlow.js 1.0 in favor of .json models. You can re-convert your Python TensorFlow model using the TensorFlow.js 1.0 conversion scripts or you can convert your.pb models with the 'pb2json'NPM script in the tensorflow/tfjs-converter repository.":o+=" Please make sure the server is serving valid JSON for this request.",new Error(o)}const r=t.modelTopology,s=t.weightsManifest;if(r==null&&s==null)throw new Error(`The JSON from HTTP path ${this.path} contains neither model topology or manifest for weights.`);return t}async load(){if(this.loadOptions.streamWeights)return this.loadStream();const e=await this.loadModelJSON();return bh(e,t=>this.loadWeights(t))}async loadStream(){const e=await this.loadModelJSON(),t=await this.getWeightUrls(e.weightsManifest),r=Mo(e.weightsManifest),s=()=>xf(t,this.loadOptions);return Object.assign(Object.assign({},e),{weightSpecs:r,getWeightStream:s})}async getWeightUrls(e){const t=Array.isArray(this.path)?this.path[1]:this.path,[r,s]=Sf(t),n=this.weightPathPrefix||r,o=[],i=[];for(const a of e)for(const u of a.paths)this.weightUrlConverter!=null?i.push(this.weightUrlConverter(u)):o.push(n+u+s);return this.weightUrlConverter&&o.push(...await Promise.all(i)),o}async loadWeights(e){const t=await this.getWeightUrls(e),r=Mo(e),s=await vf(t,this.loadOptions);return[r,s]}};_s.URL_SCHEME_REGEX=/^https?:\/\//;function Sf(e){const t=e.lastIndexOf("/"),r=e.lastIndexOf("?"),s=e.substring(0,t),n=r>t?e.substring(r):"";return[s+"/",n]}function ri(e){return e.match(_s.URL_SCHEME_REGEX)!=null}var si=(e,t)=>{if(typeof fetch>"u"&&(t==null||t.fetchFunc==null))return null;{let r=!0;if(Array.isArray(e)?r=e.every(s=>ri(s)):r=ri(e),r)return Cf(e,t)}return null};nt.registerSaveRouter(si),nt.registerLoadRouter(si);function Cf(e,t){return new _s(e,t)}function If(e,t){const r=e.shape.length,s=t.shape.length;if(r<1)throw new Error(`tf.gatherND() expects the input to be rank 1 or higher, but the rank was ${r}.`);if(s<1)throw new Error(`tf.gatherND() expects the indices to be rank 1 or higher, but the rank was ${s}.`);if(t.dtype!=="int32")throw new Error(`tf.gatherND() expects the indices to be int32 type, but the dtype was ${t.dtype}.`);if(t.shape[s-1]>r)throw new Error(`index innermost dimension length must be <= tensor rank; saw: ${t.shape[s-1]} vs. ${r}`);if(pe(e.shape)===0)throw new Error(`Requested more than 0 entries, but input is empty. Input shape: ${e.shape}.`);const n=t.shape,o=n[n.length-1];let i=1;for(let c=0;c<n.length-1;++c)i*=n[c];const a=e.shape,u=n.slice();u.pop();let l=1;for(let c=o;c<r;++c)l*=a[c],u.push(a[c]);const h=[...kt(e.shape).map(c=>c/l),1].slice(0,o);return[u,i,l,h]}var Ke={};Je(Ke,{assertParamsValid:()=>$f,computeFlatOffset:()=>Df,computeOutShape:()=>Pf,getNormalizedAxes:()=>Af,isSliceContinous:()=>Ef,maskToAxes:()=>Rf,parseSliceParams:()=>Nf,sliceInfo:()=>Tf,startForAxis:()=>ci,startIndicesWithElidedDims:()=>ai,stopForAxis:()=>di,stopIndicesWithElidedDims:()=>ui,stridesForAxis:()=>li,stridesWithElidedDims:()=>ni});var Os=-2,kf=-1;function $f(e,t,r){const s=e.shape.length;_(s===t.length,()=>`Error in slice${s}D: Length of begin ${t} must match the rank of the array (${s}).`),_(s===r.length,()=>`Error in slice${s}D: Length of size ${r} must match the rank of the array (${s}).`);for(let n=0;n<s;++n)_(t[n]+r[n]<=e.shape[n],()=>`Error in slice${s}D: begin[${n}] + size[${n}] (${t[n]+r[n]}) would overflow input.shape[${n}] (${e.shape[n]})`)}function Rf(e){const t=[];let r=0;for(;e>0;)e&1&&t.push(r),e/=2,r++;return t}function Pf(e,t,r){const s=[];for(let n=0;n<e.length;n++)s[n]=Math.ceil((t[n]-e[n])/r[n]);return s}function ni(e,t,r,s){const n=[...e];for(let o=n.length;o<s.length;o++)n.push(1);for(let o=0;o<r;o++)o===0?n[t]=1:(n.splice(t,0,1),n.pop());return n}function oi(e,t,r){return r<=e?r:r-(t-1)}function ii(e,t){const r=[];for(let s=0;s<e;s++)r.push(t+s);return r}function Af(e,t,r,s,n,o,i,a,u){const l=e.length;let h=new Array(l),c=new Array(l),d=new Array(l);if(t.length&&r>0){const p=t[0],f=r+1;h=ai(i,p,f,s,e),c=ui(a,p,f,n,e),d=ni(o,p,f,e)}else for(let p=0;p<l;p++)h[p]=ci(i,s,o,e,p,u),c[p]=di(a,n,o,e,p,u),d[p]=li(o,p,u);return{begin:h,end:c,strides:d}}function ai(e,t,r,s,n){const o=[...n],i=ii(r,t);for(let a=0;a<o.length;a++)if(i.indexOf(a)>-1)o[a]=0;else{const u=oi(t,r,a);let l=s[u];e&1<<u&&(l=0),o[a]=l}return o}function ui(e,t,r,s,n){const o=[...n],i=ii(r,t);for(let a=0;a<o.length;a++)if(i.indexOf(a)>-1)o[a]=Number.MAX_SAFE_INTEGER;else{const u=oi(t,r,a);let l=s[u];e&1<<u&&(l=Number.MAX_SAFE_INTEGER),o[a]=l}for(let a=0;a<o.length;a++){const u=n[a];o[a]<0&&(o[a]+=u),o[a]=jt(0,o[a],n[a])}return o}function li(e,t,r){let s=e[t];return(r&1<<t||s==null)&&(s=1),s}function ci(e,t,r,s,n,o){let i=t[n];const a=r[n]||1;(e&1<<n||o&1<<n||i==null)&&(a>0?i=Number.MIN_SAFE_INTEGER:i=Number.MAX_SAFE_INTEGER);const u=s[n];return i<0&&(i+=u),i=jt(0,i,u-1),i}function di(e,t,r,s,n,o){let i=t[n];const a=r[n]||1;(e&1<<n||o&1<<n||i==null)&&(a>0?i=Number.MAX_SAFE_INTEGER:i=Number.MIN_SAFE_INTEGER);const u=s[n];return i<0&&(i+=u),a>0?i=jt(0,i,u):i=jt(-1,i,u-1),i}function Ef(e,t,r){let s=r.length;for(let n=0;n<r.length;n++)if(r[n]>1){s=n;break}for(let n=s+1;n<r.length;n++)if(t[n]>0||r[n]!==e[n])return!1;return!0}function Df(e,t){let r=e.length>0?e[e.length-1]:1;for(let s=0;s<e.length-1;s++)r+=e[s]*t[s];return r}function Nf(e,t,r){let s;const n=e.shape.length;typeof t=="number"?s=[t,...new Array(n-1).fill(0)]:t.length<n?s=t.concat(new Array(n-t.length).fill(0)):s=t.slice(),s.forEach(i=>{_(i!==-1,()=>"slice() does not support negative begin indexing.")});let o;return r==null?o=new Array(n).fill(-1):typeof r=="number"?o=[r,...new Array(n-1).fill(-1)]:r.length<n?o=r.concat(new Array(n-r.length).fill(-1)):o=r,o=o.map((i,a)=>i>=0?i:(_(i===-1,()=>`Negative size values should be exactly -1 but got ${i} for the slice() size at index ${a}.`),e.shape[a]-s[a])),[s,o]}function Tf(e,t,r,s,n,o,i,a,u){let l;if(s==null?(l=new Array(t.length),l.fill(1)):l=s,i!=null&&(i&i-1)!==0)throw new Error("Multiple ellipses in slice is not allowed.");let h=!1;const c={dims:l.length,numAddAxisAfterEllipsis:0,begin:t.slice(),end:r.slice(),strides:l.slice(),beginMask:n,endMask:o,ellipsisMask:i,newAxisMask:a,shrinkAxisMask:u};for(let x=0;x<c.dims;x++)h&&(1<<x&a)!==0&&c.numAddAxisAfterEllipsis++,1<<x&i&&(h=!0);h||(c.ellipsisMask|=1<<c.dims,c.dims++);const d={dims:e.length,beginMask:0,endMask:0,beginValid:!1,endValid:!1};Ff(c,d);let p=!0,f=!0,g=!0;const m=[],w=[];for(let x=0;x<e.length;++x){if(d.strides[x]===0)throw Error(`strides[${x}] must be non-zero`);const S=!!(d.shrinkAxisMask&1<<x),C=e[x];if(C===-1){m.push(S?1:-1);continue}const R=[d.beginMask&1<<x,d.endMask&1<<x],E=[d.strides[x]>0?0:-1,d.strides[x]>0?C:C-1];if(S&&d.strides[x]<=0)throw Error("only stride 1 allowed on non-range indexing.");g=g&&d.strides[x]===1;const M=!!(d.beginMask&1<<x&&d.endMask&1<<x);if(d.beginValid&&d.endValid){if(S){const k=d.begin[x]<0?C+d.begin[x]:d.begin[x];if(d.begin[x]=k,d.end[x]=d.begin[x]+1,k<0||k>=C)throw Error(`slice index ${d.begin[x]} of dimension ${x} out of bounds.`)}else d.begin[x]=hi(d.begin[x],0,d.strides[x],C,R,E),d.end[x]=hi(d.end[x],1,d.strides[x],C,R,E);const $=d.strides[x]===1&&d.begin[x]===0&&d.end[x]===C;p=p&&$,f=f&&(x===0&&d.strides[x]===1||$)}else p=p&&d.strides[x]===1&&M,f=f&&(x===0&&d.strides[x]===1||M);let z,W=!1;if(d.beginValid&&d.endValid?(z=d.end[x]-d.begin[x],W=!0):S?(z=1,W=!0):M&&C>=0&&(d.strides[x]<0?z=-C:z=C,W=!0),W){let $;z===0||z<0!=d.strides[x]<0?$=0:$=Math.trunc(z/d.strides[x])+(z%d.strides[x]!==0?1:0),m.push($)}else m.push(-1)}for(let x=0;x<d.finalShapeGatherIndices.length;++x){const S=d.finalShapeGatherIndices[x];S>=0?w.push(m[S]):S===Os&&w.push(1)}return{finalShapeSparse:w.filter((x,S)=>d.finalShapeGatherIndices[S]!==Os),finalShape:w,isIdentity:p,sliceDim0:f,isSimpleSlice:g,begin:d.begin,end:d.end,strides:d.strides}}function Ff(e,t){t.beginMask=0,t.endMask=0,t.shrinkAxisMask=0;let r=0;t.beginValid=e.begin!=null,t.endValid=e.end!=null,t.begin=new Array(t.dims),t.end=new Array(t.dims),t.strides=new Array(t.dims),t.finalShapeGatherIndices=[],t.finalShapeGatherIndicesSparse=[],t.inputShapeGatherIndicesSparse=new Array(t.dims);for(let s=0;s<e.dims;s++)if(1<<s&e.ellipsisMask){const n=Math.min(t.dims-(e.dims-s)+1+e.numAddAxisAfterEllipsis,t.dims);for(;r<n;r++)t.begin[r]=0,t.end[r]=0,t.strides[r]=1,t.beginMask|=1<<r,t.endMask|=1<<r,t.finalShapeGatherIndices.push(r),t.finalShapeGatherIndicesSparse.push(-1),t.inputShapeGatherIndicesSparse[r]=s}else if(1<<s&e.newAxisMask)t.finalShapeGatherIndices.push(Os),t.finalShapeGatherIndicesSparse.push(-1);else{if(r===t.begin.length)throw Error(`Index out of range using input dim ${r}; input has only ${t.dims} dims, ${t.begin.length}.`);e.begin!=null&&(t.begin[r]=e.begin[s]),e.end!=null&&(t.end[r]=e.end[s]),t.strides[r]=e.strides[s],e.beginMask&1<<s&&(t.beginMask|=1<<r),e.endMask&1<<s&&(t.endMask|=1<<r),e.shrinkAxisMask&1<<s?(t.finalShapeGatherIndices.push(kf),t.finalShapeGatherIndicesSparse.push(-1),t.shrinkAxisMask|=1<<r):(t.finalShapeGatherIndices.push(r),t.finalShapeGatherIndicesSparse.push(s)),t.inputShapeGatherIndicesSparse[r]=s,r++}}function hi(e,t,r,s,n,o){if(n[t])return r>0?o[t]:o[t+1&1];{const i=e<0?s+e:e;return i<o[0]?o[0]:i>o[1]?o[1]:i}}var I={};Je(I,{ERF_A1:()=>Yf,ERF_A2:()=>Zf,ERF_A3:()=>Jf,ERF_A4:()=>em,ERF_A5:()=>tm,ERF_P:()=>Qf,PARALLELIZE_THRESHOLD:()=>Ls,RowPartitionType:()=>Me,SELU_SCALE:()=>Xf,SELU_SCALEALPHA:()=>jf,applyActivation:()=>Up,assertAndGetBroadcastShape:()=>Fs,assertAxesAreInnerMostDims:()=>fp,assertParamsConsistent:()=>Mf,assignToTypedArray:()=>am,axesAreInnerMostDims:()=>Ms,calculateShapes:()=>_p,checkEinsumDimSizes:()=>pm,checkPadOnDimRoundingMode:()=>rp,combineLocations:()=>Xo,combineRaggedTensorToTensorShapes:()=>Bf,complexWithEvenIndex:()=>nm,complexWithOddIndex:()=>om,computeConv2DInfo:()=>Ps,computeConv3DInfo:()=>qo,computeDefaultPad:()=>As,computeDilation2DInfo:()=>Kh,computeOptimalWindowSize:()=>Wf,computeOutAndReduceShapes:()=>hp,computeOutShape:()=>zf,computePool2DInfo:()=>jh,computePool3DInfo:()=>Xh,convertConv2DDataFormat:()=>Ho,decodeEinsumEquation:()=>dm,eitherStridesOrDilationsAreOne:()=>ep,expandShapeToKeepDim:()=>pp,exponent:()=>lm,exponents:()=>um,fromStringArrayToUint8:()=>Fm,fromUint8ToStringArray:()=>Tm,getAxesPermutation:()=>mp,getBroadcastDims:()=>jo,getComplexWithIndex:()=>im,getEinsumComputePath:()=>fm,getEinsumPermutation:()=>hm,getFusedBiasGradient:()=>Wp,getFusedDyActivation:()=>Lp,getImageCenter:()=>Uf,getInnerMostAxes:()=>wp,getPermuted:()=>Gf,getRaggedRank:()=>Of,getReductionAxes:()=>Ts,getReshaped:()=>Vf,getReshapedPermuted:()=>qf,getRowPartitionTypesHelper:()=>_f,getSliceBeginCoords:()=>Hf,getSliceSize:()=>Kf,getSparseFillEmptyRowsIndicesDenseShapeMismatch:()=>vm,getSparseFillEmptyRowsNegativeIndexErrorMessage:()=>xm,getSparseFillEmptyRowsOutOfRangeIndexErrorMessage:()=>ym,getSparseReshapeEmptyTensorZeroOutputDimErrorMessage:()=>Cm,getSparseReshapeInputOutputMismatchErrorMessage:()=>km,getSparseReshapeInputOutputMultipleErrorMessage:()=>Im,getSparseReshapeMultipleNegativeOneOutputDimErrorMessage:()=>bm,getSparseReshapeNegativeOutputDimErrorMessage:()=>Sm,getSparseSegmentReductionIndicesOutOfRangeErrorMessage:()=>Am,getSparseSegmentReductionNegativeSegmentIdsErrorMessage:()=>$m,getSparseSegmentReductionNonIncreasingSegmentIdsErrorMessage:()=>Rm,getSparseSegmentReductionSegmentIdOutOfRangeErrorMessage:()=>Pm,getUndoAxesPermutation:()=>gp,isIdentityPermutation:()=>mm,log:()=>Bd,mergeRealAndImagArrays:()=>rm,prepareAndValidate:()=>If,prepareSplitSize:()=>wm,segment_util:()=>mi,shouldFuse:()=>Vp,slice_util:()=>Ke,splitRealAndImagArrays:()=>sm,stridesOrDilationsArePositive:()=>tp,tupleValuesAreOne:()=>Ds,upcastType:()=>Le,validateDefaultValueShape:()=>Lf,validateInput:()=>Bp,validateUpdateShape:()=>Yo,warn:()=>et});function Mf(e,t){const r=e[0].length;e.forEach((n,o)=>{_(n.length===r,()=>`Error in concat${r}D: rank of tensors[${o}] must be the same as the rank of the rest (${r})`)}),_(t>=0&&t<r,()=>`Error in concat${r}D: axis must be between 0 and ${r-1}.`);const s=e[0];e.forEach((n,o)=>{for(let i=0;i<r;i++)_(i===t||n[i]===s[i],()=>`Error in concat${r}D: Shape of tensors[${o}] (${n}) does not match the shape of the rest (${s}) along the non-concatenated axis ${o}.`)})}function zf(e,t){const r=e[0].slice();for(let s=1;s<e.length;s++)r[t]+=e[s][t];return r}var Me;(function(e){e[e.FIRST_DIM_SIZE=0]="FIRST_DIM_SIZE",e[e.VALUE_ROWIDS=1]="VALUE_ROWIDS",e[e.ROW_LENGTHS=2]="ROW_LENGTHS",e[e.ROW_SPLITS=3]="ROW_SPLITS",e[e.ROW_LIMITS=4]="ROW_LIMITS",e[e.ROW_STARTS=5]="ROW_STARTS"})(Me||(Me={}));function Bf(e,t,r){let s=new Array;if(r==null&&t==null)return s;if(t==null)for(;s.length<e+r.length;)s.push(-1);else s=t.slice();if(r==null)return s;if(e+r.length!==s.length)throw new Error(`rt input.shape and shape=${t} are incompatible: rt input.rank = ${e+r.length}, but shape.rank = ${s.length}`);for(let n=1;n<r.length;++n){const o=r[n],i=s[s.length-r.length+n],a=s[i];if(o>=0)if(a>=0){if(a!==o)throw new Error(`rt input.shape and shape=${t} are incompatible: rt input.shape[${n+e}] = ${o} but shape[${n+e}] = ${a}`)}else s[i]=o}return s}function _f(e){const t={FIRST_DIM_SIZE:Me.FIRST_DIM_SIZE,VALUE_ROWIDS:Me.VALUE_ROWIDS,ROW_LENGTHS:Me.ROW_LENGTHS,ROW_SPLITS:Me.ROW_SPLITS,ROW_LIMITS:Me.ROW_LIMITS,ROW_STARTS:Me.ROW_STARTS},r=[];for(const s of e)if(s in t)r.push(t[s]);else break;return r}function Of(e){return e.length===0?0:e[0]===Me.FIRST_DIM_SIZE?e.length-1:e.length}function Lf(e,t){if(e==null||t==null)return;const r=e.length,s=t.length;if(r>=s)throw new Error(`defaultValue.shape=${e} and ragged tensor flatValues.shape=${t}, are incompatible: defaultValue.rank = ${r} must be less than ragged tensor input flatValues.rank = ${s})`);for(let n=0;n<Math.min(r,s-1);++n){const o=e[n],i=t[n+1];if(o>=0&&i>=0&&o!==1&&o!==i)throw new Error(`defaultValue.shape=${e}, and ragged tensor input flatValues.shape=${t} are incompatible: defaultValue.shape[${n-e.length}] = ${o} but ragged tensor input.flatValues.shape[${n-e.length}] = ${i}`)}}var Ls=30;function Wf(e){return e<=Ls?e:br(e,Math.floor(Math.sqrt(e)))}function Uf(e,t,r){const s=r*(typeof e=="number"?e:e[0]),n=t*(typeof e=="number"?e:e[1]);return[s,n]}function Vf(e,t,r,s=!0){let n=[];if(s)n=n.concat(t.slice(0)),n.push(e[0]/r),n=n.concat(e.slice(1));else{n=n.concat(e[0]);const o=t.length;for(let i=0;i<o;++i)n=n.concat([e[i+1]/t[i],t[i]]);n=n.concat(e.slice(o+1))}return n}function Gf(e,t,r=!0){const s=[];if(r){s.push(t);for(let n=t+1;n<e;++n)n<=2*t?(s.push(n),s.push(n-(t+1))):s.push(n)}else{const n=[],o=[];for(let i=1;i<e;++i)i>=t*2+1||i%2===1?o.push(i):n.push(i);s.push(...n),s.push(0),s.push(...o)}return s}function qf(e,t,r,s=!0){const n=[];s?n.push(e[0]/r):n.push(e[0]*r);for(let o=1;o<e.length;++o)o<=t.length?s?n.push(t[o-1]*e[o]):n.push(e[o]/t[o-1]):n.push(e[o]);return n}function Hf(e,t){const r=[0];for(let s=0;s<t;++s)r.push(e[s][0]);return r}function Kf(e,t,r){const s=e.slice(0,1);for(let n=0;n<r;++n)s.push(e[n+1]-t[n][0]-t[n][1]);return s}var jf=1.7580993408473768,Xf=1.0507009873554805,Qf=.3275911,Yf=.254829592,Zf=-.284496736,Jf=1.421413741,em=-1.453152027,tm=1.061405429;function rm(e,t){if(e.length!==t.length)throw new Error(`Cannot merge real and imag arrays of different lengths. real:${e.length}, imag: ${t.length}.`);const r=new Float32Array(e.length*2);for(let s=0;s<r.length;s+=2)r[s]=e[s/2],r[s+1]=t[s/2];return r}function sm(e){const t=new Float32Array(e.length/2),r=new Float32Array(e.length/2);for(let s=0;s<e.length;s+=2)t[s/2]=e[s],r[s/2]=e[s+1];return{real:t,imag:r}}function nm(e){const t=Math.ceil(e.length/4),r=new Float32Array(t),s=new Float32Array(t);for(let n=0;n<e.length;n+=4)r[Math.floor(n/4)]=e[n],s[Math.floor(n/4)]=e[n+1];return{real:r,imag:s}}function om(e){const t=Math.floor(e.length/4),r=new Float32Array(t),s=new Float32Array(t);for(let n=2;n<e.length;n+=4)r[Math.floor(n/4)]=e[n],s[Math.floor(n/4)]=e[n+1];return{real:r,imag:s}}function im(e,t){const r=e[t*2],s=e[t*2+1];return{real:r,imag:s}}function am(e,t,r,s){e[s*2]=t,e[s*2+1]=r}function um(e,t){const r=new Float32Array(e/2),s=new Float32Array(e/2);for(let n=0;n<Math.ceil(e/2);n++){const o=(t?2:-2)*Math.PI*(n/e);r[n]=Math.cos(o),s[n]=Math.sin(o)}return{real:r,imag:s}}function lm(e,t,r){const s=(r?2:-2)*Math.PI*(e/t),n=Math.cos(s),o=Math.sin(s);return{real:n,imag:o}}var Ws="->",cm=/->/g,pi=",",fi="...";function dm(e,t){e=e.replace(/\s/g,"");const r=(e.length-e.replace(cm,"").length)/Ws.length;if(r<1)throw new Error("Equations without an arrow are not supported.");if(r>1)throw new Error(`Equation must contain exactly one arrow ("${Ws}").`);const[s,n]=e.split(Ws);_(s.indexOf(fi)===-1,()=>`The ellipsis notation ("${fi}") is not supported yet.`);const o=s.split(pi),i=o.length;if(t!==i)throw new Error(`Expected ${i} input tensors, received ${t}`);if(i>2)throw new Error("Support for more than 2 input tensors is not implemented yet.");const a=[];for(let d=0;d<n.length;++d){const p=n[d];if(!o.some(f=>f.indexOf(p)!==-1))throw new Error(`Output subscripts contain the label ${p} not present in the input subscripts.`);a.indexOf(p)===-1&&a.push(p)}for(let d=0;d<s.length;++d){const p=s[d];a.indexOf(p)===-1&&p!==pi&&a.push(p)}const u=new Array(o.length);for(let d=0;d<i;++d){if(new Set(o[d].split("")).size!==o[d].length)throw new Error(`Found duplicate axes in input component ${o[d]}. Support for duplicate axes in input is not implemented yet.`);u[d]=[];for(let p=0;p<o[d].length;++p)u[d].push(a.indexOf(o[d][p]))}const l=a.length,h=n.length,c=[];for(let d=h;d<l;++d)c.push(d);return{allDims:a,summedDims:c,idDims:u}}function hm(e,t){let r=new Array(e);r.fill(-1);for(let n=0;n<t.length;++n)r[t[n]]=n;const s=[];for(let n=0;n<e;++n)r[n]===-1&&s.push(n);return r=r.filter(n=>n!==-1),{permutationIndices:r,expandDims:s}}function pm(e,t,r){const s=new Array(e);for(let n=0;n<r.length;++n){const o=r[n].shape;for(let i=0;i<t[n].length;++i)s[t[n][i]]===void 0?s[t[n][i]]=o[i]:_(s[t[n][i]]===o[i],()=>`Expected dimension ${s[t[n][i]]} at axis ${i} of input shaped ${JSON.stringify(o)}, but got dimension ${o[i]}`)}}function fm(e,t){const r=e,s=[];let n=0;e.length===0&&r.push(-1),n=e.length+1;for(let i=0;i<n;++i)s.push([]);const o=[];for(let i=0;i<r.length;++i){const a=r[i],u=gm(t,a);for(const l of u)o.indexOf(l)===-1&&(s[i].push(l),o.push(l))}return{path:r,steps:s}}function mm(e){return e.every((t,r)=>t===r)}function gm(e,t){const r=[];for(let s=0;s<e.length;++s)(e[s].length===0||e[s].indexOf(t)!==-1||t===-1)&&r.push(s);return r}function wm(e,t,r=0){let s=[];if(typeof t=="number")_(e.shape[r]%t===0,()=>"Number of splits must evenly divide the axis."),s=new Array(t).fill(e.shape[r]/t);else{const n=t.reduce((i,a)=>(a===-1&&(i+=1),i),0);_(n<=1,()=>"There should be only one negative value in split array.");const o=t.indexOf(-1);if(o!==-1){const i=t.reduce((a,u)=>u>0?a+u:a);t[o]=e.shape[r]-i}_(e.shape[r]===t.reduce((i,a)=>i+a),()=>"The sum of sizes must match the size of the axis dimension."),s=t}return s}function vm(e){return`Received SparseTensor with denseShape[0] = 0 but
  indices.shape[0] = ${e}`}function xm(e,t){return`indices(${e}, 0) is invalid: ${t} < 0`}function ym(e,t,r){return`indices(${e}, 0) is invalid: ${t} >= ${r}`}function bm(e,t){return`only one output dimension may be -1, not both ${e} and ${t}`}function Sm(e,t){return`size ${e} must be non-negative, not ${t}`}function Cm(){return"reshape cannot infer the missing input size for an empty tensor unless all specified input sizes are non-zero"}function Im(e,t){const r=pe(e),s=pe(t);return`Input to reshape is a SparseTensor with ${r}
  dense values, but the requested shape requires a multiple of ${s}. inputShape=${e} outputShape= ${t}`}function km(e,t){const r=pe(e),s=pe(t);return`Input to reshape is a tensor with ${r} dense values, but the requested shape has ${s}. inputShape=${e} outputShape=${t}`}function $m(){return"segment ids must be >= 0"}function Rm(){return"segment ids are not increasing"}function Pm(e,t){return`Segment id ${e} out of range [0, ${t}), possibly because segmentIds input is not sorted.`}function Am(e,t,r){return`Bad: indices[${e}] == ${t} out of range [0, ${r})`}var mi={};Je(mi,{collectGatherOpShapeInfo:()=>Nm,computeOutShape:()=>Dm,segOpComputeOptimalWindowSize:()=>Em});function Em(e,t){let r=!1,s;for(e<=Ls?(s=e,r=!0):s=br(e,Math.floor(Math.sqrt(e)));!r;)s>t||s===e?r=!0:s=br(e,s+1);return s}function Dm(e,t,r){const s=[],n=e.length;for(let o=0;o<n;o++)o!==t?s.push(e[o]):s.push(r);return s}function Nm(e,t,r,s){const n=t.shape.length,o=e.shape.length;if(s!==0&&(s<-n||s>n))throw new Error(`Expect batchDims in the range of [-${n}, ${n}], but got ${s}`);if(s<0&&(s+=n),s>o)throw new Error(`batchDims (${s}) must be less than rank(x) (
    ${o}).`);if(r<s)throw new Error(`batchDims (${s}) must be less than or equal to axis (${r}).`);for(let c=0;c<s;++c)if(e.shape[c]!==t.shape[c])throw new Error(`x.shape[${c}]: ${e.shape[c]} should be equal to indices.shape[${c}]: ${t.shape[c]}.`);const i=e.shape[r],a=[];let u=1,l=1,h=1;for(let c=0;c<s;++c)a.push(e.shape[c]),u*=e.shape[c];for(let c=s;c<r;c++)a.push(e.shape[c]),l*=e.shape[c];for(let c=s;c<n;c++)a.push(t.shape[c]);for(let c=r+1;c<o;c++)a.push(e.shape[c]),h*=e.shape[c];return{batchSize:u,sliceSize:h,outerSize:l,dimSize:i,outputShape:a}}function Tm(e){try{return e.map(t=>Ar(t))}catch(t){throw new Error(`Failed to decode encoded string bytes into utf-8, error: ${t}`)}}function Fm(e){return e.map(t=>Pr(t))}var Us={};Je(Us,{nonMaxSuppressionV3Impl:()=>jp,nonMaxSuppressionV4Impl:()=>Xp,nonMaxSuppressionV5Impl:()=>Qp,whereImpl:()=>Op}),hf();function gi({nodes:e}){const{units:t,activation:r}=e[e.length-1];return{numClasses:t,activation:r}}var dt={beta1:.9,beta2:.999,epsilon:1e-8};function wi(e,t,r){const{melBands:s,numFrames:n}=e,{numClasses:o}=gi(e),i=s*n,a=t.length/i;if(!Number.isInteger(a)||a===0)throw new TypeError(`Cannot run this batch as its inputs must have a positive multiple of ${i} values ([batch, ${s}, ${n}]): current value is ${t.length}`);if(r&&r.length!==a*o)throw new TypeError(`Cannot run this batch as its targets must have ${a*o} values ([${a}, ${o}]): current value is ${r.length}`);return a}var or=[e=>Number.isSafeInteger(e)&&e>=1,"a whole number of at least 1"],vi=[e=>Br(e,or[0])&&e.length===2,"two whole numbers of at least 1"],xi=[Number.isFinite,"a finite number"],yi=[e=>Number.isFinite(e)&&e>0,"a finite number above 0"],bi=[e=>typeof e=="number"&&e>=0&&e<1,"a number of at least 0 and below 1"],Si=[e=>typeof e=="object"&&e!==null&&!Array.isArray(e),"an object"];function zr(...e){const t=e.join(", ").replace(/, ([^,]*)$/," or $1");return[r=>e.includes(r),t]}function Mm([e,t]){return[r=>Br(r,e),`a list of at least one, each ${t}`]}function Br(e,t){return Array.isArray(e)&&e.length>0&&e.every(t)}var Ci=80;function me(e,[t,r],s){if(t(s))return;const n=s===void 0?"missing":JSON.stringify(s);throw new RangeError(`Cannot use this model as ${e} must be ${r}: current value is `+(n.length>Ci?`${n.slice(0,Ci)}\u2026`:n))}function zm({role:e}){return e==="trained"||e==="decayed"}function ht(e){return e.reduce((t,r)=>t*r,1)}var Bm=[e=>Br(e,t=>t===0||t===1)&&new Set(e).size===e.length,"0, 1 or both"],Ii=[({length:e})=>e===3,"[mel bands, frames, channels]"],Vs=e=>e[e.length-1],ki={fill:1},Gs={fill:0};function $i(e,t){const r=Math.sqrt(t/ht(e.slice(0,-1)));return{name:"kernel",shape:e,role:"decayed",initial:{bound:r}}}var Ri={settings:{axes:Bm},takes:[(e,{axes:t})=>e.length>Math.max(...t)+1,"of those axes, with channels behind them"],shape:({axes:e},t)=>t.filter((r,s)=>!e.includes(s))},Pi={rescale:{settings:{scale:xi,offset:xi}},conv:{settings:{channels:or,kernelSize:vi},takes:Ii,shape:({channels:e},[t,r])=>[t,r,e],weights:({channels:e,kernelSize:t},r)=>[$i([...t,Vs(r),e],6)]},"batch-norm":{settings:{epsilon:yi,momentum:bi},weights:(e,t)=>{const r=[Vs(t)];return[{name:"gamma",shape:r,role:"trained",initial:ki},{name:"beta",shape:r,role:"trained",initial:Gs},{name:"moving_mean",shape:r,role:"running-statistic",initial:Gs},{name:"moving_variance",shape:r,role:"running-statistic",initial:ki}]}},relu:{settings:{}},"max-pool":{settings:{size:vi},takes:Ii,shape:({size:e},[t,r,s])=>[Math.floor(t/e[0]),Math.floor(r/e[1]),s],stride:({size:e})=>e},add:{settings:{},minInputs:2},mean:Ri,max:Ri,flatten:{settings:{},shape:(e,t)=>[ht(t)]},dense:{settings:{units:or,activation:zr("linear","relu","softmax","sigmoid")},shape:({units:e},t)=>[...t.slice(0,-1),e],weights:({units:e},t)=>[$i([Vs(t),e],1),{name:"bias",shape:[e],role:"trained",initial:Gs}]},dropout:{settings:{rate:bi}}},qs="features";function Ai(e){me("network",Si,e);const{melBands:t,numFrames:r,nodes:s}=e;me("network.melBands",or,t),me("network.numFrames",or,r),me("network.nodes",Mm(Si),s);const n=new Map([[qs,{shape:[t,r,1],stride:[1,1]}]]),o=new Set;let i=qs;const a=s.map((l,h)=>{const c=`network.nodes[${h}]`,d=_m(l,c),{name:p,inputs:f=[i],frozen:g=!1,learningRateFactor:m=1}=l,w=v=>typeof v=="string"&&/^\w+$/.test(v)&&!n.has(v);me(`${c}.name`,[w,"letters, digits and _, as no other node's"],p),me(`${c}.frozen`,[()=>typeof g=="boolean","true or false"],g),me(`${c}.learningRateFactor`,yi,m),me(`${c}.inputs`,Om(n,d.minInputs),f);const y=f.map(v=>n.get(v).shape),[x]=y,S=()=>y.every(v=>v.join()===x.join());me(`${c}.inputs`,[S,"of one shape"],y);const[C,R]=d.takes??[()=>!0,""];me(`${c}.inputs`,[()=>C(x,l),R],x);const{stride:[E,M]}=n.get(f[0]),[z,W]=d.stride?.(l)??[1,1],$={shape:d.shape?.(l,x)??x,stride:[E*z,M*W]};n.set(p,$);for(const v of f)o.delete(v);o.add(i=p);const k=d.weights?.(l,x)??[];return{node:l,inputs:f,inputShape:x,...$,weights:k.map(v=>({...v,name:`${p}/${v.name}`,role:g?"frozen":v.role,learningRateFactor:m}))}});return o.delete(i),me("network.nodes",[()=>o.size===0,"nodes that all lead to the last one"],[...o]),Lm(a),Wm(e,Um(a)),a}function _m(e,t){me(`${t}.op`,zr(...Object.keys(Pi)),e.op);const r=Pi[e.op];for(const[s,n]of Object.entries(r.settings))me(`${t}.${s}`,n,e[s]);return r}function Om(e,t=1){const r=t===1?"one node":`at least ${t} nodes`,s=n=>t===1?n===1:n>=t;return[n=>Br(n,o=>e.has(o))&&s(n.length),`${r} before it`]}function Lm(e){const{node:t,shape:r}=e[e.length-1],s=`network.nodes[${e.length-1}]`;me(`${s}.op`,zr("dense"),t.op),me(`${s}.activation`,zr("softmax","sigmoid"),t.activation),me(s,[()=>r.length===1,"one axis of outputs"],r)}function Wm({melBands:e,numFrames:t,nodes:r},[s,n]){if(e>=s&&t>=n)return;const o=r.filter(({op:i})=>i==="max-pool").length;throw new RangeError(`Cannot build the model as ${o} poolings need features of at least [${s}, ${n}]: current value is [${e}, ${t}]`)}function Um(e){const t=r=>Math.max(...e.map(({stride:s})=>s[r]));return[t(0),t(1)]}function Vm(e){return Ai(e).flatMap(({weights:t})=>t)}function Gm(e){try{return{supported:!0,chain:Xm(e)}}catch(t){if(t instanceof zt)return{supported:!1,reason:t.message};throw t}}function qm(e,t){if(e.supported)return e.chain;throw new RangeError(`Cannot compute this network on ${t} as ${e.reason}`)}var zt=class extends Error{},Hm=class{nodes;#e;constructor(e){this.nodes=e,this.#e=0}get nextOp(){return this.nodes[this.#e]?.node.op}take(e,t="",r=()=>!0,s){const n=this.nodes[this.#e],o=this.nodes[this.#e-1]?.node.name;this.#e++;const i=n?.inputs.join()===(s?.join()??o??qs);if(!(n?.node.op===e&&i&&r(n.node))){const u=o===void 0?"its first node":`the node behind ${o}`,l=n?`${n.node.name} (${Km(n)})`:"none";throw new zt(`${u} must be ${[e,t].join(" ").trim()}: it is ${l}`)}return n}};function Km({node:e,inputs:t}){const{op:r,name:s,inputs:n,...o}=e,i=Object.entries(o).map(([a,u])=>`${a} ${u}`);return[`${r} of ${t.join(" and ")}`,...i].join(", ")}var Ei=([e,t],r)=>e===r&&t===r;function Di(e){const t=e.take("conv","3\xD73",({kernelSize:y})=>Ei(y,3)),r=e.take("batch-norm"),{epsilon:s,momentum:n}=r.node;e.take("relu");const o=e.take("max-pool","2\xD72",({size:y})=>Ei(y,2)),[i,a,u]=t.shape,[l,h]=o.shape,[c,d,p,f]=r.weights.map(({name:y})=>y),g=t.weights[0].name,m={height:i,width:a,inputs:t.inputShape[2],outputs:u,pooledHeight:l,pooledWidth:h,epsilon:s,momentum:n,weights:{kernel:g,gamma:c,beta:d,movingMean:p,movingVariance:f}},{frozen:w=!1}=t.node;if(w!==(r.node.frozen??!1)){const[y,x]=w?[t,r]:[r,t];throw new zt(`a block is frozen as a whole: ${y.node.name} is, ${x.node.name} is not`)}return{block:m,frozen:w}}function jm(e){const t=({axes:a})=>a.length===2||a[0]===0,{node:{name:r,axes:s}}=e.take("mean","over both axes or over mel bands",t);if(s.length===2)return"mean";const n=e.take("mean"),o=e.take("max",`of ${r}`,void 0,[r]),i=[n.node.name,o.node.name];return e.take("add",`of ${i.join(" and ")}`,void 0,i),"mean-max"}function Ni({node:e,inputShape:[t],shape:[r],weights:s}){if(e.frozen)throw new zt(`dense layers must be trained: ${e.name} is frozen`);const[n,o]=s.map(({name:i})=>i);return{inputs:t,units:r,kernel:n,bias:o}}function Xm(e){const t=Ai(e),r=new Hm(t),{scale:s,offset:n}=r.take("rescale").node,o=[Di(r)];for(;r.nextOp==="conv";)o.push(Di(r));const i=o.map(({block:p})=>p),a=o.filter(({frozen:p})=>p).length,u=o.findIndex(({frozen:p})=>!p);if(u>=0&&u<a){const p=i[u].weights.kernel;throw new zt(`blocks are frozen from the first on: that of ${p} is not`)}const l=jm(r),h=r.take("dense","with relu",({activation:p})=>p==="relu"),{rate:c}=r.take("dropout").node,d=r.take("dense","with softmax or sigmoid",({activation:p})=>p==="softmax"||p==="sigmoid");if(r.nextOp)throw new zt(`nothing may come behind ${d.node.name}: ${r.nextOp} does`);return{melBands:e.melBands,numFrames:e.numFrames,inputScale:s,inputOffset:n,blocks:i,frozenBlocks:a,globalPooling:l,hidden:Ni(h),dropoutRate:c,logits:Ni(d),activation:gi(e).activation,weights:t.flatMap(({weights:p})=>p)}}function Qm(e){let t=1779033703,r=3144134277,s=1013904242,n=2773480762;for(let i=0;i<e.length;i++){const a=e.charCodeAt(i);t=r^Math.imul(t^a,597399067),r=s^Math.imul(r^a,2869860233),s=n^Math.imul(s^a,951274213),n=t^Math.imul(n^a,2716044179)}t=Math.imul(s^t>>>18,597399067),r=Math.imul(n^r>>>22,2869860233),s=Math.imul(t^s>>>17,951274213),n=Math.imul(r^n>>>19,2716044179);const o=t^r^s^n;return[o>>>0,(r^o)>>>0,(s^o)>>>0,(n^o)>>>0]}function Ym(...e){let[t,r,s,n]=Qm(JSON.stringify(e));const o=()=>{const a=(t+r|0)+n|0;return n=n+1|0,t=r^r>>>9,r=s+(s<<3)|0,s=s<<21|s>>>11,s=s+a|0,a>>>0};for(let a=0;a<12;a++)o();const i=()=>o()/4294967296;return{next:i,nextUint32:o,uniform:(a,u)=>a+(u-a)*i(),integer:a=>Math.floor(i()*a),normal:()=>Math.sqrt(-2*Math.log(1-i()))*Math.cos(2*Math.PI*i())}}function Zm(e,t){return Vm(e).map(({name:r,shape:s,initial:n})=>{const o=new Float32Array(ht(s));if("fill"in n)o.fill(n.fill);else{const i=Ym(t,"initial-weights",r),{bound:a}=n;for(let u=0;u<o.length;u++)o[u]=i.uniform(-a,a)}return{name:r,shape:s,values:o}})}function Jm(e,{name:t,shape:r}){const s=e.find(n=>n.name===t);if(!s||s.shape.join()!==r.join())throw new TypeError(`Cannot use these weights as ${t} must have shape [${r}]: current value is `+(s?`[${s.shape}]`:"missing"));return s}var $e=L();$e.registerFlag("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE",()=>15),$e.registerFlag("WEBGPU_CPU_FORWARD",()=>!0),$e.registerFlag("WEBGPU_MATMUL_PROGRAM_TYPE",()=>-1),$e.registerFlag("WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE",()=>!0),$e.registerFlag("WEBGPU_USE_LOW_POWER_GPU",()=>!1),$e.registerFlag("WEBGPU_CPU_HANDOFF_SIZE_THRESHOLD",()=>1e3),$e.registerFlag("WEBGPU_USE_PROFILE_TOOL",()=>!1),$e.registerFlag("WEBGPU_IMPORT_EXTERNAL_TEXTURE",()=>!0),$e.registerFlag("WEBGPU_USE_NAIVE_CONV2D_DEBUG",()=>!1),$e.registerFlag("WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL",()=>-1),$e.registerFlag("WEBGPU_CONV_SEPARATE_IM2COL_SHADER",()=>!1),$e.registerFlag("WEBGPU_PRINT_SHADER",()=>""),$e.registerFlag("WEBGPU_ENGINE_COMPILE_ONLY",()=>!1);var eg=class{constructor(e){e&&(this.vendor=e.vendor,this.architecture=e.architecture,this.intelGPUGeneration=this.getIntelGPUGeneration())}getIntelGPUGeneration(){if(this.isIntel()){if(this.architecture.startsWith("gen"))return Number(this.architecture.match(/\d+/));if(this.architecture.startsWith("xe"))return 12}return 0}isIntel(){return this.vendor==="intel"}},tg=class{constructor(e){this.device=e,this.numUsedBuffers=0,this.numFreeBuffers=0,this.freeBuffers=new Map,this.usedBuffers=new Map,this.numBytesUsed=0,this.numBytesAllocated=0}acquireBuffer(e,t,r=!1,s=!0){let n;const o=Ti(e,t);return s?(this.freeBuffers.has(o)||this.freeBuffers.set(o,[]),this.freeBuffers.get(o).length>0?(n=this.freeBuffers.get(o).pop(),this.numFreeBuffers--):(n=this.device.createBuffer({size:e,usage:t,mappedAtCreation:r}),this.numBytesAllocated+=e)):(n=this.device.createBuffer({size:e,usage:t,mappedAtCreation:r}),this.numBytesAllocated+=e),this.usedBuffers.has(o)||this.usedBuffers.set(o,[]),this.usedBuffers.get(o).push(n),this.numUsedBuffers++,this.numBytesUsed+=e,n}releaseBuffer(e,t=!0){if(this.freeBuffers.size===0)return;const r=e.size,s=e.usage,n=Ti(r,s),o=this.usedBuffers.get(n),i=o.indexOf(e);if(i<0)throw new Error("Cannot find the buffer in buffer manager");o[i]=o[o.length-1],o.pop(),this.numUsedBuffers--,this.numBytesUsed-=r,t?(this.freeBuffers.get(n).push(e),this.numFreeBuffers++):(e.destroy(),this.numBytesAllocated-=r)}getNumUsedBuffers(){return this.numUsedBuffers}getNumFreeBuffers(){return this.numFreeBuffers}dispose(){this.freeBuffers.forEach((e,t)=>{e.forEach(r=>{r.destroy()})}),this.usedBuffers.forEach((e,t)=>{e.forEach(r=>{r.destroy()})}),this.freeBuffers=new Map,this.usedBuffers=new Map,this.numUsedBuffers=0,this.numFreeBuffers=0,this.numBytesUsed=0,this.numBytesAllocated=0}};function Ti(e,t){return`${e}_${t}`}var rg=class{constructor(e){this.device=e,this.numUsedTextures=0,this.numFreeTextures=0,this.freeTextures=new Map,this.usedTextures=new Map,this.numBytesUsed=0,this.numBytesAllocated=0}acquireTexture(e,t,r,s){const n=Mi(r),o=e*t*n,i=Fi(e,t,r,s);if(this.freeTextures.has(i)||this.freeTextures.set(i,[]),this.usedTextures.has(i)||this.usedTextures.set(i,[]),this.numBytesUsed+=o,this.numUsedTextures++,this.freeTextures.get(i).length>0){this.numFreeTextures--;const u=this.freeTextures.get(i).shift();return this.usedTextures.get(i).push(u),u}this.numBytesAllocated+=o;const a=this.device.createTexture({size:[e,t],format:r,usage:s});return this.usedTextures.get(i).push(a),a}releaseTexture(e){if(this.freeTextures.size===0)return;const t=e.width,r=e.height,s=e.format,n=e.usage,o=Fi(t,r,s,n);this.freeTextures.has(o)||this.freeTextures.set(o,[]),this.freeTextures.get(o).push(e),this.numFreeTextures++,this.numUsedTextures--;const i=this.usedTextures.get(o),a=i.indexOf(e);if(a<0)throw new Error("Cannot release a texture that was never provided by this texture manager");i.splice(a,1);const u=Mi(s),l=t*r*u;this.numBytesUsed-=l}getNumUsedTextures(){return this.numUsedTextures}getNumFreeTextures(){return this.numFreeTextures}dispose(){this.freeTextures.forEach((e,t)=>{e.forEach(r=>{r.destroy()})}),this.usedTextures.forEach((e,t)=>{e.forEach(r=>{r.destroy()})}),this.freeTextures=new Map,this.usedTextures=new Map,this.numUsedTextures=0,this.numFreeTextures=0,this.numBytesUsed=0,this.numBytesAllocated=0}};function Fi(e,t,r,s){return`${e}_${t}_${r}_${s}`}function Mi(e){if(e==="rgba8unorm")return 16;throw new Error(`${e} is not supported!`)}function sg(e,t){if(Math.max(...e)>5)throw new Error("Cannot symbolically compute strides for rank > 6 tensor.");const r=e.length,s="xyzwuv",n=e.map(i=>`${t}.${s[i]}`),o=new Array(r-1);o[r-2]=n[r-1];for(let i=r-3;i>=0;--i)o[i]=`(${o[i+1]} * ${n[i+1]})`;return o}var je=(e,t,r)=>r==="int32"?`atomicAdd(${e}, bitcast<i32>(${t}));`:`
          {
            var oldValue = 0;
            loop {
              let newValueF32 = bitcast<f32>(oldValue) + (${t});
              let newValue = bitcast<i32>(newValueF32);
              let res = atomicCompareExchangeWeak(${e}, oldValue, newValue);
              if res.exchanged {
                break;
              }
              oldValue = res.old_value;
            }
          }`,Bt;(function(e){e[e.FROM_PIXELS=0]="FROM_PIXELS",e[e.DRAW=1]="DRAW"})(Bt||(Bt={}));var ng=(e,t,r,s,n)=>{const o={dtype:s.dtype,shape:s.shape},i=ig(r,o,t),a=e.createShaderModule({code:i,label:t.constructor.name});let u=L().get("WEBGPU_PRINT_SHADER");if(u!==""){u=u.toLowerCase();const l=u.split(",");(u==="all"||l.some(h=>t.shaderKey.toLowerCase().includes(h)))&&(console.group(t.shaderKey),console.debug(i),console.groupEnd())}return n?e.createComputePipelineAsync({compute:{module:a,entryPoint:"_start"},label:t.constructor.name,layout:"auto"}):e.createComputePipeline({compute:{module:a,entryPoint:"_start"},label:t.constructor.name,layout:"auto"})},G=(e,t="f32")=>{switch(e){case 1:return`${t}`;case 2:return`vec2<${t}>`;case 3:return`vec3<${t}>`;case 4:return`vec4<${t}>`;default:throw new Error(`${e}-component ${t} is not supported.`)}};function re(e){if(e<=1)return"i32";if(e===2)return"vec2<i32>";if(e===3)return"vec3<i32>";if(e===4)return"vec4<i32>";if(e===5)return"vec5";if(e===6)return"vec6";throw Error(`GPU for rank ${e} is not yet supported`)}function Ue(e){if(e===0)return"x";if(e===1)return"y";if(e===2)return"z";if(e===3)return"w";if(e===4)return"u";if(e===5)return"v";throw Error(`Index ${e} is not yet supported`)}function D(...e){let t;switch(e.length){case 0:t=`
        fn main()
      `;break;case 1:t=`
        fn main(${e[0]} : i32)
      `;break;default:throw Error("Unreachable")}return t}function zi(e,t){let r;return r=`
     ${og(t)}
      fn _start(@builtin(local_invocation_id) LocalId : vec3<u32>,
                @builtin(global_invocation_id) GlobalId : vec3<u32>,
                @builtin(local_invocation_index) LocalIndex: u32,
                @builtin(workgroup_id) WorkgroupId : vec3<u32>,
                @builtin(num_workgroups) NumWorkgroups : vec3<u32>) {
        localId = LocalId;
        localIndex = LocalIndex;
        globalId = GlobalId;
        numWorkgroups = NumWorkgroups;
        workgroupId = WorkgroupId;
        ${e?"main(getGlobalIndex());":"main();"};
      }
    `,r}function og(e){return`
  @compute @workgroup_size(${e.workgroupSize[0]}, ${e.workgroupSize[1]}, ${e.workgroupSize[2]})
`}function ig(e,t,r){const s=[],n=r.workgroupSize[0]*r.workgroupSize[1]*r.workgroupSize[2];if(r.outputComponent=r.outputComponent?r.outputComponent:1,s.push(`

      var<private> localId: vec3<u32>;
      var<private> localIndex: u32;
      var<private> globalId: vec3<u32>;
      var<private> numWorkgroups: vec3<u32>;
      var<private> workgroupId: vec3<u32>;

      // Only used when the y/z dimension of workgroup size is 1.
      fn getGlobalIndex() -> i32 {
        ${_i(r)?"  return i32(globalId.x);":`  return i32((workgroupId.z * numWorkgroups.x * numWorkgroups.y +
                workgroupId.y * numWorkgroups.x + workgroupId.x) * ${n}u +
                localIndex);
        `}
      }
    `),r.pixelsOpType!=null){const f=r.pixelsOpType===Bt.FROM_PIXELS?`@group(0) @binding(0) var<storage, read_write> result: array<${pt(t.dtype,r.outputComponent)}>;`:`@group(0) @binding(1) var<storage, read> inBuf : array<${pt(e[0].dtype,r.outputComponent)}>;`,g=t.shape.length===3?"vec2<i32>":"i32";s.push(`
        struct Uniform {
          outShapeStrides : ${g},
          size            : i32,
          numChannels     : i32,
          alpha           : f32,
        };

        ${f}
        @group(0) @binding(2) var<uniform> uniforms: Uniform;
      `);const m=Oi(r);return[Bi,s.join(`
`),_r(t.shape),r.getUserCode(),zi(m,r)].join(`
`)}let o,i,a="struct Uniforms { NAN : f32, INFINITY : f32, ";r.variableNames.forEach((f,g)=>{const m=re(e[g].shape.length);a+=`${f.charAt(0).toLowerCase()+f.slice(1)}Shape : ${m}, `,o=e[g].shape.length-1,i=re(o),a+=`${f.charAt(0).toLowerCase()+f.slice(1)}ShapeStrides: ${i}, `});const u=re(t.shape.length);a+=`outShape : ${u}, `,o=t.shape.length-1,i=re(o),a+=`
         outShapeStrides: ${i}, `,r.size&&(a+="size : i32, "),r.uniforms&&(a+=r.uniforms),a+="};",a=mg(a),s.push(a),r.atomic?s.push(`
      @group(0) @binding(0) var<storage, read_write> result: array<atomic<i32>>;
    `):s.push(`
      @group(0) @binding(0) var<storage, read_write> result: array<${pt(t.dtype,r.outputComponent)}>;
    `),r.variableNames.forEach((f,g)=>{s.push(`
      @group(0) @binding(${1+g}) var<storage, read> ${f}: array<${r.variableComponents?pt(e[g].dtype,r.variableComponents[g]):pt(e[g].dtype,r.outputComponent)}>;
        `)}),a!==""&&s.push(`
      @group(0) @binding(${1+r.variableNames.length}) var<uniform> uniforms: Uniforms;
      `);const l=hg(t.shape,r.dispatchLayout),h=[Bi,s.join(`
`)+ug,_r(t.shape),l,pg(t.shape.length)];r.atomic||h.push(fg(t.shape,t.dtype,r.outputComponent)),r.variableNames.forEach((f,g)=>{h.push(`${_r(e[g].shape,f)}`)});const c=e.map((f,g)=>dg(f,t.shape,r.variableComponents?r.variableComponents[g]:r.outputComponent,r.dispatchLayout.x.length===t.shape.length)).join(`
`);h.push(c),h.push(r.getUserCode());const d=Oi(r);return h.push(zi(d,r)),h.join(`
`)}function ag(e,t,r){let s=e.shaderKey;if(e.pixelsOpType!=null)return s;const n=[],o=[];t.forEach(h=>{n.push(h.shape),o.push(h.dtype)}),n.push(r.shape),o.push(r.dtype);const i=t.map(h=>I.getBroadcastDims(h.shape,r.shape)),a=t.map(h=>b.arraysEqual(h.shape,r.shape)).join("_"),u=i.map(h=>h.join("_")).join(";"),l=_i(e)?"flatDispatch":"";return s+="_"+(e.workgroupSize?e.workgroupSize.join(","):"")+n.map(h=>h.length).join(",")+o.join(",")+e.variableNames.join(",")+u+a+l,s}var Bi=`
  struct vec5 {x: i32, y: i32, z: i32, w: i32, u: i32};
  struct vec6 {x: i32, y: i32, z: i32, w: i32, u: i32, v: i32};

  // Checks whether coordinates lie within the bounds of the shape.
  fn coordsInBounds2D(coord : vec2<i32>, shape : vec2<i32>) -> bool {
    return all(coord >= vec2<i32>(0)) && all(coord < shape);
  }
  fn coordsInBounds3D(coord : vec3<i32>, shape : vec3<i32>) -> bool {
    return all(coord >= vec3<i32>(0)) && all(coord < shape);
  }
  fn coordsInBounds4D(coord : vec4<i32>, shape : vec4<i32>) -> bool {
    return all(coord >= vec4<i32>(0)) && all(coord < shape);
  }

  fn getIndexFromCoords1D(coord : i32, shape : i32) -> i32 {
    return coord;
  }
  fn getIndexFromCoords2D(coords : vec2<i32>, shape : vec2<i32>) -> i32 {
    return dot(coords, vec2<i32>(shape.y, 1));
  }
  fn getIndexFromCoords3D(coords : vec3<i32>, shape : vec3<i32>) -> i32 {
    return dot(coords, vec3<i32>(shape.y * shape.z, shape.z, 1));
  }
  fn getIndexFromCoords4D(coords : vec4<i32>, shape : vec4<i32>) -> i32 {
    return dot(coords, vec4<i32>(
        shape.y * shape.z * shape.w, shape.z * shape.w, shape.w, 1));
  }
  fn getIndexFromCoords5D(coords : vec5, shape : vec5) -> i32 {
    let shapeStrides: vec5 = vec5(shape.y * shape.z * shape.w * shape.u, shape.z * shape.w * shape.u, shape.w * shape.u, shape.u, 1);
    return coords.x*shapeStrides.x + coords.y*shapeStrides.y + coords.z*shapeStrides.z + coords.w*shapeStrides.w + coords.u*shapeStrides.u;
  }
  fn getIndexFromCoords6D(coords : vec6, shape : vec6) -> i32 {
    let shapeStrides: vec6 = vec6(shape.y * shape.z * shape.w * shape.u * shape.v, shape.z * shape.w * shape.u * shape.v, shape.w * shape.u * shape.v, shape.u * shape.v, shape.v, 1);
    return coords.x*shapeStrides.x + coords.y*shapeStrides.y + coords.z*shapeStrides.z + coords.w*shapeStrides.w + coords.u*shapeStrides.u + coords.v*shapeStrides.v;
  }

  // NaN defination in IEEE 754-1985 is :
  //   - sign = either 0 or 1.
  //   - biased exponent = all 1 bits.
  //   - fraction = anything except all 0 bits (since all 0 bits represents infinity).
  // https://en.wikipedia.org/wiki/IEEE_754-1985#Representation_of_non-numbers
  fn isnan(val: f32) -> bool {
    let floatToUint: u32 = bitcast<u32>(val);
    return (floatToUint & 0x7fffffffu) > 0x7f800000u;
  }
  fn isnanVec4(val : vec4<f32>) -> vec4<bool> {
    let floatToUint: vec4<u32> = bitcast<vec4<u32>>(val);
    return (floatToUint & vec4<u32>(0x7fffffffu)) > vec4<u32>(0x7f800000u);
  }
`,ug=`
  fn isinf(val: f32) -> bool {
    return abs(val) == uniforms.INFINITY;
  }
`;function _r(e,t=""){const r=e.length,s=t!==""?`get${t.charAt(0).toUpperCase()+t.slice(1)}CoordsFromIndex`:"getCoordsFromIndex",n=t!==""?`${t.charAt(0).toLowerCase()+t.slice(1)}ShapeStrides`:"outShapeStrides";if(r<=1)return`fn ${s}(index : i32) -> i32 { return index; }`;const o=b.computeStrides(e),i=re(r),a=[];for(let l=0;l<r;l++)a.push(`d${l}`);if(o.length===1)return`    fn ${s}(index : i32) -> vec2<i32> {
      let d0 = index / uniforms.${n}; let d1 = index - d0 * uniforms.${n};
      return vec2<i32>(d0, d1);
    }`;let u;return u="var index2 = index;"+o.map((l,h)=>{const c=`let ${a[h]} = index2 / uniforms.${n}.${Ue(h)}`,d=h===o.length-1?`let ${a[h+1]} = index2 - ${a[h]} * uniforms.${n}.${Ue(h)}`:`index2 = index2 - ${a[h]} * uniforms.${n}.${Ue(h)}`;return`${c}; ${d};`}).join(""),`
    fn ${s}(index : i32) -> ${i} {
      ${u}
      return ${i}(${a.join(",")});
    }
  `}function lg(e,t){const r=e.name,s=e.shape.length,n=re(s),o="get"+r.charAt(0).toUpperCase()+r.slice(1),i=["d0","d1","d2","d3","d4","d5"].slice(0,s),a=i.map(h=>`${h} : i32`).join(", ");if(s<1)return`
      fn ${o}() -> ${G(t)} {
        return ${G(t)}(${r}[0]);
      }
    `;const u=`uniforms.${r.charAt(0).toLowerCase()+r.slice(1)}Shape`;let l=`${s}D`;return s===0&&(l="1D"),`
    fn ${o}(${a}) -> ${G(t)} {
      return ${G(t)}(${r}[getIndexFromCoords${l}(${n}(${i.join(",")}),
        ${u})${t===1?"":` / ${t}`}]);
    }
   `}function cg(e,t,r,s){const n=e.name,o=n.charAt(0).toUpperCase()+n.slice(1),i="get"+o+"ByOutput",a=e.shape.length,u=t.length,l=re(u);if(b.arraysEqual(e.shape,t)&&s)return`
    fn ${i}Index(globalIndex : i32) -> ${G(r)} {
      return ${G(r)}(${n}[globalIndex]);
    }

    fn ${i}Coords(coords : ${l}) -> ${G(r)} {
      return ${G(r)}(${n}[${u>1?"getOutputIndexFromCoords(coords)":"coords"}${r===1?"":` / ${r}`}]);
    }
    `;const h=I.getBroadcastDims(e.shape,t),c=u-a;let d="";if(a===0)return`
    fn ${i}Index(globalIndex : i32) -> ${G(r)}{
      return get${o}();
    }

    fn ${i}Coords(coords : ${l}) -> ${G(r)}{
      return get${o}();
    }
  `;u<2&&h.length>=1?d="coords = 0;":d=h.map(m=>`coords.${Ue(m+c)} = 0;`).join(`
`);let p="";if(u<2&&a>0)p="coords";else if(u>1){const m=re(a),w=e.shape.map((y,x)=>`coords.${Ue(x+c)}`).join(", ");p=`${m}(${w})`}else p="coords";const f=`uniforms.${n.charAt(0).toLowerCase()+n.slice(1)}Shape`,g=`${a}D`;return`
  fn ${i}Index(globalIndex : i32) -> ${G(r)} {
    var coords = getCoordsFromIndex(globalIndex);
    ${d}
    return ${G(r)}(${n}[getIndexFromCoords${g}(${p}, ${f})${r===1?"":` / ${r}`}]);
  }

  fn ${i}Coords(coordsIn : ${l}) -> ${G(r)} {
    var coords = coordsIn;
    ${d}
    return ${G(r)}(${n}[getIndexFromCoords${g}(${p}, ${f})${r===1?"":` / ${r}`}]);
  }
`}function dg(e,t,r,s){let n=lg(e,r);return e.shape.length<=t.length&&(n+=cg(e,t,r,s)),n}function hg(e,t){const{x:r,y:s=[],z:n=[]}=t,o=e.length,i=r.length+s.length+n.length;if(i!==o)return"";if(r.length===o)return`fn getOutputCoords() -> ${re(o)}{
    let globalIndex = getGlobalIndex();
    return getCoordsFromIndex(globalIndex);
  }
  `;let a="";const u=[r,s,n];for(let d=0;d<u.length;d++){const p=u[d];if(p.length!==0)if(p.length===1)a+=`let d${p[0]} = i32(globalId[${d}]);`;else{const f=sg(p,"uniforms.outShape");a+=`var index${d} = i32(globalId[${d}]);`;for(let g=0;g<f.length;g++)a+=`let d${p[g]} = index${d} / ${f[g]};`,g===f.length-1?a+=`let d${p[g+1]} = index${d} - d${p[g]} * ${f[g]};`:a+=`index${d} = index${d} - d${p[g]} * ${f[g]};`}}const l=[];for(let d=0;d<i;d++)l.push(`d${d}`);const h=re(i);let c=`fn getOutputCoords() -> ${h} {
  ${a}
`;return l.length===0?c+=`return ${h}(0); }`:c+=`return ${h}(${l.join(",")}); }`,c}function pg(e){let t="";switch(e){case 0:case 1:t+=`
        fn getOutputIndexFromCoords(coords : i32) -> i32 {
          return coords;
        }
        `;break;case 2:t+=`
        fn getOutputIndexFromCoords(coords : vec2<i32>) -> i32 {
          return dot(coords, vec2<i32>(uniforms.outShapeStrides, 1));
        }
        `;break;case 3:t+=`
        fn getOutputIndexFromCoords(coords : vec3<i32>) -> i32 {
          return dot(coords, vec3<i32>(uniforms.outShapeStrides.x, uniforms.outShapeStrides.y, 1));
        }
        `;break;case 4:t+=`
        fn getOutputIndexFromCoords(coords : vec4<i32>) -> i32 {
          return dot(coords, vec4<i32>(
            uniforms.outShapeStrides.x, uniforms.outShapeStrides.y, uniforms.outShapeStrides.z, 1));
        }
        `;break;case 5:t+=`
        fn getOutputIndexFromCoords(coords : vec5) -> i32 {
          return coords.x * uniforms.outShapeStrides.x +
              coords.y * uniforms.outShapeStrides.y +
              coords.z * uniforms.outShapeStrides.z +
              coords.w * uniforms.outShapeStrides.w +
              coords.u;
        }
        `;break;case 6:t+=`
        fn getOutputIndexFromCoords(coords : vec6) -> i32 {
          return coords.x * uniforms.outShapeStrides.x +
              coords.y * uniforms.outShapeStrides.y +
              coords.z * uniforms.outShapeStrides.z +
              coords.w * uniforms.outShapeStrides.w +
              coords.u * uniforms.outShapeStrides.u +
              coords.v;
        }
        `;break;default:b.assert(!1,()=>`Unsupported ${e}D shape`);break}return t}function _i(e){return e.dispatch[1]===1&&e.dispatch[2]===1}function pt(e,t=1){if(e==="float32")return G(t,"f32");if(e==="int32"||e==="bool")return G(t,"i32");throw new Error(`type ${e} is not supported.`)}function fg(e,t,r){const s=e.length,n=pt(t,r);let o=`fn setOutputAtIndex(flatIndex : i32, value : ${G(r)}) {
      result[flatIndex] = ${n}(value);
    }

    fn setOutputAtIndexI32(flatIndex : i32, value : ${G(r,"i32")}) {
      result[flatIndex] = ${n}(value);
    }
    `;if(s>=2){const i=["d0","d1","d2","d3","d4","d5"].slice(0,s),a=re(s);o+=`
      fn setOutputAtCoords(${i.map(u=>`${u} : i32`).join(", ")}, value : ${G(r)}) {
        let flatIndex = getOutputIndexFromCoords(${a}(${i.join(", ")}));
        setOutputAtIndex(flatIndex${r===1?"":` / ${r}`}, value);
      }
      fn setOutputAtCoordsI32(${i.map(u=>`${u} : i32`).join(", ")}, value : ${G(r,"i32")}) {
        let flatIndex = getOutputIndexFromCoords(${a}(${i.join(", ")}));
        setOutputAtIndexI32(flatIndex${r===1?"":` / ${r}`}, value);
      }
    `}return o}function mg(e){const t=/(\w+)\s*:\s*vec(5|6)/g;e=e.replace(t,s=>"@align(16) "+s);const r=/vec(5|6)\s*,\s*(\w+)/g;return e=e.replace(r,(s,n,o)=>`vec${n}, @align(16) ${o}`),e}function Oi(e){return!(e.dispatchLayout.hasOwnProperty("y")&&e.dispatchLayout.y.length!==0||e.dispatchLayout.hasOwnProperty("z")&&e.dispatchLayout.z.length!==0)}var ft=e=>{let t=1;for(let r=0;r<e.length;r++)t*=e[r];return t};function N(e,t,r=[1,1,1],s=[1,1,1]){const[n,o,i]=[Math.ceil(ft(e.x.map(a=>t[a]))/(r[0]*s[0])),e.y?Math.ceil(ft(e.y.map(a=>t[a]))/(r[1]*s[1])):1,e.z?Math.ceil(ft(e.z.map(a=>t[a]))/(r[2]*s[2])):1];return[n,o,i]}function gg(e,t,r,s=!1){const n=[8,8,1],o=[4,4,1];return s||(e<=8&&(o[1]=1),t<=16&&r<=16&&(n[0]=4)),{workgroupSize:n,elementsPerThread:o}}function Li(e,t,r=!1){if(r)return[8,8,1];const s=ft(e.x.map(o=>t[o])),n=ft(e.y.map(o=>t[o]));return s<=4?[4,16,1]:n<=4?[16,4,1]:[16,16,1]}function Wi(e,t,r=!1){if(r)return[4,4,1];const s=ft(e.x.map(o=>t[o])),n=ft(e.y.map(o=>t[o]));return s<=4?[1,2,1]:n<=4?[2,1,1]:[2,2,1]}function T(e){return{x:e.map((t,r)=>r)}}function Ui(e){if(e==="float32"||e==="int32"||e==="bool"||e==="string")return 4;if(e==="complex64")return 8;throw new Error(`Unknown dtype ${e}`)}function Vi(){return!!(typeof globalThis<"u"&&globalThis.navigator&&globalThis.navigator.gpu)}function Gi(e,t){Array.isArray(e)||(e=[e]),e.forEach(r=>{r!=null&&b.assert(r.dtype!=="complex64",()=>`${t} does not support complex64 tensors in the WebGPU backend.`)})}var ze;(function(e){e[e.MatMulReduceProgram=0]="MatMulReduceProgram",e[e.MatMulSplitKProgram=1]="MatMulSplitKProgram",e[e.MatMulSmallOutputSizeProgram=2]="MatMulSmallOutputSizeProgram",e[e.MatMulPackedProgram=3]="MatMulPackedProgram",e[e.MatMulMax=4]="MatMulMax"})(ze||(ze={}));var wg=L().getNumber("WEBGPU_CPU_HANDOFF_SIZE_THRESHOLD"),vg=(e,t)=>{const r=e.limits.maxComputeWorkgroupsPerDimension,s=t.dispatchLayout,n=t.dispatch;if(n.every(i=>i<=r))return n;b.assert(n[0]>r&&s.y===void 0&&s.z===void 0,()=>"Dispatch size exceeds WebGPU limits in Y or Z dimension.");let o=Math.ceil(Math.sqrt(n[0]));return o>r?(o=Math.ceil(Math.cbrt(n[0])),b.assert(o<=r,()=>"Total dispatch size exceeds WebGPU maximum."),[o,o,o]):[o,o,1]},Hs=class Mu extends gn{nextDataId(){return Mu.nextDataId++}constructor(t,r){if(super(),this.commandQueueOwnedIds=new WeakSet,this.dispatchCountInPass=0,this.disposed=!1,this.downloadWaitMs=0,this.tensorDataPendingDisposal=[],this.queryResolveBuffer=null,this.querySet=null,this.querySetCount=2,this.stagingPendingDisposal=[],this.uniformPendingDisposal=[],this.uploadWaitMs=0,this.hasReadSyncWarned=!1,this.hasTimestampQueryWarned=!1,!Vi())throw new Error("WebGPU is not supported on this device");this.pipelineCache={},this.device=t,this.queue=t.queue,this.commandEncoder=null,this.computePassEncoder=null,this.adapterInfo=new eg(r),this.supportTimestampQuery=this.device.features.has("timestamp-query"),this.thresholdToIncreaseWorkgroups=this.adapterInfo.intelGPUGeneration>=12?16:8,this.bufferManager=new tg(this.device),this.textureManager=new rg(this.device),this.tensorMap=new Ku(this,Dt()),L().getBool("WEBGPU_USE_PROFILE_TOOL")&&(this.dummyCanvas=document.createElement("canvas"),this.dummyCanvas.width=1,this.dummyCanvas.height=1,this.dummyContext=this.dummyCanvas.getContext("webgpu"),this.dummyContext.configure({device:t,format:"bgra8unorm"}),document.body.appendChild(this.dummyCanvas))}floatPrecision(){return 32}disposeData(t,r=!1){if(!this.tensorMap.has(t))return!0;const s=this.tensorMap.get(t);return r?s.refCount=0:s.refCount--,s.refCount>0?!1:(s.complexTensorInfos!=null&&(this.disposeData(s.complexTensorInfos.real.dataId),this.disposeData(s.complexTensorInfos.imag.dataId)),this.commandQueueOwnedIds.has(t)?(this.tensorDataPendingDisposal.push(t),!0):(this.releaseResource(t),this.tensorMap.delete(t),!0))}memory(){return{numBytesInGPU:this.bufferManager.numBytesUsed,numBytesAllocatedInGPU:this.bufferManager.numBytesAllocated,unreliable:!1}}releaseResource(t){const r=this.tensorMap.get(t);if(!(!r||!r.resource)){if(r.external){r.resource=null;return}r.resource instanceof GPUBuffer?this.bufferManager.releaseBuffer(r.resource):r.resource instanceof GPUTexture&&this.textureManager.releaseTexture(r.resource),r.resource=null}}refCount(t){return this.tensorMap.has(t)?this.tensorMap.get(t).refCount:0}incRef(t){const r=this.tensorMap.get(t);r.refCount++}decRef(t){if(this.tensorMap.has(t)){const r=this.tensorMap.get(t);r.refCount--}}write(t,r,s){if(s==="complex64"&&t!=null)throw new Error("Cannot write to a complex64 dtype. Please use tf.complex(real, imag).");const n={id:this.nextDataId()};return this.tensorMap.set(n,{dtype:s,shape:r,values:t,refCount:1}),n}move(t,r,s,n,o){if(n==="complex64")throw new Error("Cannot write to a complex64 dtype. Please use tf.complex(real, imag).");this.tensorMap.set(t,{dtype:n,shape:s,values:r,refCount:o})}submitQueue(){this.queue.submit([this.commandEncoder.finish()]),this.commandEncoder=null,this.dispatchCountInPass=0,this.commandQueueOwnedIds=new WeakSet,this.tensorDataPendingDisposal.forEach(t=>{this.releaseResource(t),this.tensorMap.delete(t)}),this.uniformPendingDisposal.forEach(t=>this.bufferManager.releaseBuffer(t)),this.stagingPendingDisposal.forEach(t=>this.bufferManager.releaseBuffer(t,!1)),this.tensorDataPendingDisposal=[],this.uniformPendingDisposal=[],this.stagingPendingDisposal=[]}ensureCommandEncoderReady(){this.commandEncoder||(this.commandEncoder=this.device.createCommandEncoder())}endComputePassEncoder(){this.computePassEncoder&&(this.computePassEncoder.end(),this.computePassEncoder=null)}async checkCompileCompletionAsync(){let t;try{t=await Promise.all(Object.values(this.pipelineCache))}catch(r){throw new Error(r.message)}Object.keys(this.pipelineCache).map((r,s)=>{this.pipelineCache[r]=t[s]})}async getBufferData(t){if(L().getBool("WEBGPU_ENGINE_COMPILE_ONLY"))return console.warn("The data may be invalid since WEBGPU_ENGINE_COMPILE_ONLY is true, this can only be called when WEBGPU_ENGINE_COMPILE_ONLY is false"),null;const r=t.size,s=this.bufferManager.acquireBuffer(r,GPUBufferUsage.COPY_DST|GPUBufferUsage.MAP_READ);this.ensureCommandEncoderReady(),this.endComputePassEncoder(),this.commandEncoder.copyBufferToBuffer(t,0,s,0,r),this.submitQueue(),await s.mapAsync(GPUMapMode.READ);const n=s.getMappedRange().slice(0);return s.unmap(),s!=null&&this.bufferManager.releaseBuffer(s),L().getBool("WEBGPU_USE_PROFILE_TOOL")&&(b.assert(this.dummyContext!==void 0,()=>"Fail to get context for profiling tool"),this.dummyContext.getCurrentTexture()),n}convertAndCacheOnCPU(t,r){const s=this.tensorMap.get(t);return s.values=r,s.values}readSync(t){const r=this.tensorMap.get(t),{values:s,complexTensorInfos:n}=r;if(s!=null||r.dtype==="string")return s;if(r.dtype==="complex64"){const g=this.readSync(n.real.dataId),m=this.readSync(n.imag.dataId),w=b.convertBackendValuesAndArrayBuffer(I.mergeRealAndImagArrays(g,m).buffer,"float32");return this.convertAndCacheOnCPU(t,w),w}this.hasReadSyncWarned||(this.hasReadSyncWarned=!0,console.warn("The performance of synchronously reading data from GPU to CPU is poor on the webgpu backend, please use asynchronous APIs instead."));const o=["opaque","premultiplied"],i=r.resource,a=i.size;b.assert(a%4===0,()=>"Because there is 4 bytes for one pixel, buffer size must be multiple of 4.");const u=a/4,l=new ArrayBuffer(a),h=256,c=256,d=o.map(g=>new OffscreenCanvas(h,c)),p=new OffscreenCanvas(h,c);this.endComputePassEncoder(),d.map((g,m)=>{const w=g.getContext("webgpu");return w.configure({device:this.device,format:"bgra8unorm",usage:GPUTextureUsage.COPY_DST,alphaMode:o[m]}),w.getCurrentTexture()}).map((g,m)=>{const w=h*4,y=(M,z,W)=>{this.ensureCommandEncoderReady(),this.commandEncoder.copyBufferToTexture({buffer:i,bytesPerRow:w,offset:W},{texture:g},{width:M,height:z}),this.submitQueue();const $=p.getContext("2d",{willReadFrequently:!0});$.clearRect(0,0,M,z),$.drawImage(d[m],0,0);const k=$.getImageData(0,0,M,z).data,v=o[m],A=new Uint8ClampedArray(l,W,M*z*4);for(let F=0;F<A.length;F+=4)if(v==="premultiplied")A[F+3]=k[F+3];else{const V=k[F];A[F]=k[F+2],A[F+1]=k[F+1],A[F+2]=V}},x=Math.floor(u/(h*c));let S=h,C=c,R=0;for(let M=0;M<x;M++)y(S,C,R),R+=h*c*4;const E=u%(h*c);C=Math.floor(E/h),C>0&&(y(S,C,R),R+=C*(h*4)),S=E%h,S>0&&y(S,1,R)});const f=b.convertBackendValuesAndArrayBuffer(l,r.dtype);return this.convertAndCacheOnCPU(t,f),f}async read(t){if(!this.tensorMap.has(t))throw new Error(`Tensor ${t} was not registered!`);const r=this.tensorMap.get(t),{values:s}=r;if(s!=null)return s;let n;if(r.dtype==="complex64"){const o=await Promise.all([this.read(r.complexTensorInfos.real.dataId),this.read(r.complexTensorInfos.imag.dataId)]),i=o[0],a=o[1];n=I.mergeRealAndImagArrays(i,a)}else{const o=await this.getBufferData(r.resource);n=b.convertBackendValuesAndArrayBuffer(o,r.dtype)}return this.convertAndCacheOnCPU(t,n),n}copyBuffer(t){const r=t.size,s=t.usage,n=this.bufferManager.acquireBuffer(r,s);return this.ensureCommandEncoderReady(),this.endComputePassEncoder(),this.commandEncoder.copyBufferToBuffer(t,0,n,0,r),this.submitQueue(),n}createTensorFromGPUData(t,r,s){let n=t.buffer;if(s==="complex64")throw new Error("Cannot write to a complex64 dtype. ");const o={id:this.nextDataId()};this.tensorMap.set(o,{dtype:s,shape:r,values:null,refCount:1,external:t.zeroCopy});const i=this.tensorMap.get(o),a=Ui(i.dtype)*b.sizeFromShape(i.shape);if(t.buffer.size<a)throw new Error(`GPUBuffer size(${t.buffer.size}) is smaller than tensor size(${a})!`);if((t.buffer.usage&(GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_SRC))!==(GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_SRC))throw new Error("GPUBuffer.usage should include GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC!");return t.zeroCopy!==!0&&(n=this.copyBuffer(n)),i.resource=n,Dt().makeTensorFromDataId(o,r,s,this)}readToGPU(t){const r=this.tensorMap.get(t),{values:s,dtype:n,shape:o,resource:i}=r;if(n==="complex64")throw new Error("Does not support reading buffer for complex64 dtype.");if(i==null)throw s!=null?new Error("Data is not on GPU but on CPU."):new Error("There is no data on GPU or CPU.");const a=i,u=a.size,l=a.usage,h=this.bufferManager.acquireBuffer(u,l);this.ensureCommandEncoderReady(),this.endComputePassEncoder(),this.commandEncoder.copyBufferToBuffer(i,0,h,0,u),this.submitQueue();const c=this.makeTensorInfo(o,n),d=Dt().makeTensorFromTensorInfo(c),p=this.tensorMap.get(c.dataId);return p.resource=h,{tensorRef:d,buffer:h}}bufferSync(t){const r=this.readSync(t.dataId);if(t.dtype==="string")try{const s=r.map(n=>b.decodeString(n));return ue(t.shape,t.dtype,s)}catch{throw new Error("Failed to decode encoded string bytes into utf-8")}return ue(t.shape,t.dtype,r)}async time(t){!this.supportTimestampQuery&&!this.hasTimestampQueryWarned&&(console.warn("This device doesn't support timestamp-query extension. Start Chrome browser with flag --enable-dawn-features=allow_unsafe_apis to try it again. Otherwise, zero will be shown for the kernel time when profiling mode is enabled."),this.hasTimestampQueryWarned=!0);const r=this.activeTimers,s=[];let n=!1;this.programTimersStack==null?(this.programTimersStack=s,n=!0):this.activeTimers.push(s),this.activeTimers=s,t();const o=b.flatten(this.activeTimers.map(l=>l.query)).filter(l=>l!=null),i=b.flatten(this.activeTimers.map(l=>l.name)).filter(l=>l!=null);this.activeTimers=r,n&&(this.programTimersStack=null);const a={uploadWaitMs:this.uploadWaitMs,downloadWaitMs:this.downloadWaitMs,kernelMs:null,wallMs:null},u=await Promise.all(o);return a.kernelMs=b.sum(u),a.getExtraProfileInfo=()=>u.map((l,h)=>({name:i[h],ms:l})).map(l=>`${l.name}: ${l.ms}`).join(", "),this.uploadWaitMs=0,this.downloadWaitMs=0,a}makeTensorInfo(t,r,s){return r==="string"&&s!=null&&s.length>0&&b.isString(s[0])&&(s=s.map(o=>b.encodeString(o))),{dataId:this.write(s,t,r),shape:t,dtype:r}}tensorToBinding(t){if(!t)return null;const s=this.tensorMap.get(t.dataId).resource;return s instanceof GPUBuffer?{buffer:s}:s instanceof GPUTexture?s.createView():s}uploadToGPU(t){const r=this.tensorMap.get(t);if(r.resource!=null)return;const s=Ui(r.dtype)*b.sizeFromShape(r.shape);let n;const o=GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_SRC|GPUBufferUsage.COPY_DST;if(r.values){if(n=this.bufferManager.acquireBuffer(s,o,!0),n.mapState==="unmapped"){const i=this.bufferManager.acquireBuffer(s,GPUBufferUsage.MAP_WRITE|GPUBufferUsage.COPY_SRC,!0,!1),a=i.getMappedRange();r.dtype==="int32"||r.dtype==="bool"?new Int32Array(a).set(r.values):new Float32Array(a).set(r.values),i.unmap(),this.ensureCommandEncoderReady(),this.endComputePassEncoder(),this.commandEncoder.copyBufferToBuffer(i,0,n,0,s),this.stagingPendingDisposal.push(i)}else{const i=n.getMappedRange();r.dtype==="int32"||r.dtype==="bool"?new Int32Array(i).set(r.values):new Float32Array(i).set(r.values),n.unmap()}r.values=null}else n=this.bufferManager.acquireBuffer(s,o);r.resource=n}makeUniforms(t){let r=0,s=0;const n=[];let o=1;t.forEach(u=>{u.data.length===0&&(u.data=[1]);let l;switch(u.data.length){case 1:l=4;break;case 2:l=8;break;case 3:l=16;break;case 4:l=16;break;case 5:l=16;break;case 6:l=16;break;default:b.assert(!1,()=>`Unsupported ${u.data.length}D shape`)}(s===5||s===6)&&(l=16),l>o&&(o=l),r=Math.ceil(r/l)*l,s=u.data.length,n.push(r),r+=u.data.length*4}),r=Math.ceil(r/o)*o;const i=new ArrayBuffer(r);t.forEach((u,l)=>{const h=n[l];u.type==="int32"?new Int32Array(i,h,u.data.length).set(u.data):u.type==="uint32"?new Uint32Array(i,h,u.data.length).set(u.data):new Float32Array(i,h,u.data.length).set(u.data)});const a=this.bufferManager.acquireBuffer(r,GPUBufferUsage.COPY_DST|GPUBufferUsage.UNIFORM);return this.queue.writeBuffer(a,0,i,0,r),this.uniformPendingDisposal.push(a),{offset:0,size:r,buffer:a}}runWebGPUProgram(t,r,s,n,o){if(o||(o=this.makeTensorInfo(t.outputShape,s)),b.sizeFromShape(o.shape)===0)return this.tensorMap.get(o.dataId).values=b.getTypedArrayFromDType(o.dtype,0),o;this.uploadToGPU(o.dataId),t.dispatch=vg(this.device,t);const i=r.map((u,l)=>{if(u.dtype==="complex64")throw new Error("GPGPUProgram does not support complex64 input. For complex64 dtypes, please separate the program into real and imaginary parts.");return this.uploadToGPU(u.dataId),{dtype:this.tensorMap.get(u.dataId).dtype,shape:u.shape,name:t.variableNames[l]}});t.shaderKey=ag(t,i,o);const a=L().getBool("WEBGPU_ENGINE_COMPILE_ONLY");return t.shaderKey in this.pipelineCache||(this.pipelineCache[t.shaderKey]=ng(this.device,t,i,o,a)),t.pipeline=this.pipelineCache[t.shaderKey],a||this.recordAndSubmit(t,o,r,n),o}recordAndSubmit(t,r,s,n){if(t.pipeline instanceof Promise)throw new Error("Please call checkCompileCompletionAsync to ensure parallel compilation is done!");let o=[],i=[];const a="int32";if(t.pixelsOpType==null){o.push({type:"float32",data:[NaN]},{type:"float32",data:[1/0]}),i=s.concat(r).map(p=>p.shape);const d="int32";i.map(p=>{o.push({type:d,data:p});const f=b.computeStrides(p);o.push({type:d,data:f})})}else{const d=b.computeStrides(r.shape);o.push({type:a,data:d})}if(t.size){const d=b.sizeFromShape(t.outputShape);o.push({type:a,data:[t.outputComponent?d/t.outputComponent:d]})}n&&(o=[...o,...n]);const u=[this.tensorToBinding(r),...s.map(d=>this.tensorToBinding(d)),this.makeUniforms(o)];s.forEach(d=>{this.commandQueueOwnedIds.add(d.dataId)}),this.commandQueueOwnedIds.add(r.dataId);const l=this.device.createBindGroup({layout:t.pipeline.getBindGroupLayout(0),entries:u.map((d,p)=>({binding:p,resource:d}))}),h=this.activeTimers!=null;this.ensureCommandEncoderReady();const c={};h&&this.supportTimestampQuery?(this.endComputePassEncoder(),this.querySet==null&&(this.querySet=this.device.createQuerySet({type:"timestamp",count:this.querySetCount})),c.timestampWrites={querySet:this.querySet,beginningOfPassWriteIndex:0,endOfPassWriteIndex:1},this.computePassEncoder=this.commandEncoder.beginComputePass(c)):this.computePassEncoder||(this.computePassEncoder=this.commandEncoder.beginComputePass(c)),this.computePassEncoder.setPipeline(t.pipeline),this.computePassEncoder.setBindGroup(0,l),this.computePassEncoder.dispatchWorkgroups(t.dispatch[0],t.dispatch[1],t.dispatch[2]),this.dispatchCountInPass++,(h||L().get("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE")<=this.dispatchCountInPass||t.pixelsOpType===Bt.DRAW)&&(this.endComputePassEncoder(),h?this.activeTimers.push({name:t.constructor.name,query:this.getQueryTime()}):this.submitQueue())}async getQueryTime(){if(!this.supportTimestampQuery)return 0;this.queryResolveBuffer==null&&(this.queryResolveBuffer=this.bufferManager.acquireBuffer(this.querySetCount*8,GPUBufferUsage.COPY_SRC|GPUBufferUsage.COPY_DST|GPUBufferUsage.QUERY_RESOLVE)),this.commandEncoder.resolveQuerySet(this.querySet,0,this.querySetCount,this.queryResolveBuffer,0);const t=this.bufferManager.acquireBuffer(this.querySetCount*8,GPUBufferUsage.MAP_READ|GPUBufferUsage.COPY_DST);this.commandEncoder.copyBufferToBuffer(this.queryResolveBuffer,0,t,0,this.querySetCount*8),this.submitQueue(),await t.mapAsync(GPUMapMode.READ);const r=new BigUint64Array(t.getMappedRange()),s=Number(r[1]-r[0])/1e6;return t.unmap(),this.bufferManager.releaseBuffer(t),s}shouldExecuteOnCPU(t,r=wg){return L().getBool("WEBGPU_CPU_FORWARD")&&t.every(s=>this.tensorMap.get(s.dataId).resource==null&&b.sizeFromShape(s.shape)<r)}numDataIds(){return this.tensorMap.numDataIds()-this.tensorDataPendingDisposal.length}dispose(){this.disposed||(this.querySet!=null&&this.querySet.destroy(),this.bufferManager.dispose(),this.textureManager.dispose(),this.disposed=!0)}};Hs.nextDataId=0,Vi()&&No("webgpu",async()=>{const e={powerPreference:L().get("WEBGPU_USE_LOW_POWER_GPU")?"low-power":"high-performance"},t=await navigator.gpu.requestAdapter(e),r={},s=[];t.features.has("timestamp-query")&&s.push("timestamp-query"),t.features.has("bgra8unorm-storage")&&s.push(["bgra8unorm-storage"]),r.requiredFeatures=s;const n=t.limits;r.requiredLimits={maxComputeWorkgroupStorageSize:n.maxComputeWorkgroupStorageSize,maxComputeWorkgroupsPerDimension:n.maxComputeWorkgroupsPerDimension,maxStorageBufferBindingSize:n.maxStorageBufferBindingSize,maxBufferSize:n.maxBufferSize,maxComputeWorkgroupSizeX:n.maxComputeWorkgroupSizeX,maxComputeInvocationsPerWorkgroup:n.maxComputeInvocationsPerWorkgroup};const o=await t.requestDevice(r),i="info"in t?t.info:"requestAdapterInfo"in t?await t.requestAdapterInfo():void 0;return new Hs(o,i)},3);var U;(function(e){e[e.ADD=0]="ADD",e[e.ATAN2=1]="ATAN2",e[e.COMPLEX_MULTIPLY_IMAG=2]="COMPLEX_MULTIPLY_IMAG",e[e.COMPLEX_MULTIPLY_REAL=3]="COMPLEX_MULTIPLY_REAL",e[e.DIV=4]="DIV",e[e.ELU_DER=5]="ELU_DER",e[e.EQUAL=6]="EQUAL",e[e.FLOOR_DIV=7]="FLOOR_DIV",e[e.GREATER=8]="GREATER",e[e.GREATER_EQUAL=9]="GREATER_EQUAL",e[e.LESS=10]="LESS",e[e.LESS_EQUAL=11]="LESS_EQUAL",e[e.LOGICAL_AND=12]="LOGICAL_AND",e[e.LOGICAL_OR=13]="LOGICAL_OR",e[e.MAX=14]="MAX",e[e.MIN=15]="MIN",e[e.MOD=16]="MOD",e[e.MUL=17]="MUL",e[e.NOT_EQUAL=18]="NOT_EQUAL",e[e.POW=19]="POW",e[e.PRELU=20]="PRELU",e[e.SQUARED_DIFFERENCE=21]="SQUARED_DIFFERENCE",e[e.SUB=22]="SUB"})(U||(U={}));var xg="let resultTemp = a + b;",yg="let resultTemp = atan2(a, b);",bg="let resultTemp = areal * breal - aimag * bimag;",Sg="let resultTemp = areal * bimag + aimag * breal;",Cg="let resultTemp = a / b;",Ig="let resultTemp = select(a * (b + 1.0), a, b >= b - b);",kg=`
  let zero = sign(a) * 0 + 0;
  let one = sign(b) * 0 + 1;
  let resultTemp = select(zero, one, a == b);
`,$g=`
  let remainder =
      select(a % b, round(a % b), (round(a) == a) & (round(b) == b));
  let quotient = (a - remainder) / b;
  let resultTemp =
      round(select(quotient, quotient - 1, sign(remainder) == -sign(b)));
`,Rg=`
  let zero = sign(a) * 0 + 0;
  let one = sign(b) * 0 + 1;
  let resultTemp = select(zero, one, a > b);
`,Pg=`
  let zero = sign(a) * 0 + 0;
  let one = sign(b) * 0 + 1;
  let resultTemp = select(zero, one, a >= b);
`,Ag=`
  let zero = sign(a) * 0 + 0;
  let one = sign(b) * 0 + 1;
  let resultTemp = select(zero, one, a < b);
`,Eg=`
  let zero = sign(a) * 0 + 0;
  let one = sign(b) * 0 + 1;
  let resultTemp = select(zero, one, a <= b);
`,Dg="return f32(a >= 1.0 && b >= 1.0);",Ng=`return (vec4<f32>(a >= vec4<f32>(1.0)) *
  vec4<f32>(b >= vec4<f32>(1.0)));`,Tg="return f32(a >= 1.0 || b >= 1.0);",Fg=`return min(vec4<f32>(a >= vec4<f32>(1.0)) +
  vec4<f32>(b >= vec4<f32>(1.0)), vec4<f32>(1.0));`,Mg="let resultTemp = max(a, b);",zg="let resultTemp = min(a, b);",Bg=`
  let isNaN = b == 0.;
  var resultTemp = a % b;
  resultTemp = select((resultTemp + b) % b, resultTemp,
      (a < 0. && b < 0.) || (a >= 0. && b > 0.));
`,_g=`
  let isNaN = !vec4<bool>(b);
  var resultTemp = vec4<f32>(a % b);
  if (!((a[0] < 0. && b[0] < 0.) || (a[0] >= 0. && b[0] > 0.))) {
    resultTemp[0] = (resultTemp[0] + b[0]) % b[0];
  }
  if (!((a[1] < 0. && b[1] < 0.) || (a[1] >= 0. && b[1] > 0.))) {
    resultTemp[1] = (resultTemp[1] + b[1]) % b[1];
  }
  if (!((a[2] < 0. && b[2] < 0.) || (a[2] >= 0. && b[2] > 0.))) {
    resultTemp[2] = (resultTemp[2] + b[2]) % b[2];
  }
  if (!((a[3] < 0. && b[3] < 0.) || (a[3] >= 0. && b[3] > 0.))) {
    resultTemp[3] = (resultTemp[3] + b[3]) % b[3];
  }
`,Og="let resultTemp = a * b;",Lg=`
  var resultTemp = f32(a != b);
  let valueForNaN = 1.0;
`,Wg=`
  var resultTemp = vec4<f32>(a != b);
  let valueForNaN = 1.0;
`,Ug=`
  let isNaN = a < 0.0 && floor(b) < b;
  if (b == 0.0) {
    return 1.0;
  }
  var resultTemp = select(sign(a) * pow(abs(a), b), pow(abs(a), b),
      round(abs(b) % 2.0) != 1.0);
`,Vg=`
  let isModRound1Bool = vec4<i32>(round(abs(b) % vec4<f32>(2.0))) == vec4<i32>(1);
  let isModRound1 = vec4<f32>(isModRound1Bool);
  let multiplier = sign(a) * isModRound1 + (vec4<f32>(1.0) - isModRound1);
  var resultTemp = multiplier * pow(abs(a), b);

  // Ensure that a^0 = 1, including 0^0 = 1 as this correspond to TF and JS
  let isExpZero = b == vec4<f32>(0.0);
  if (isExpZero.r) {
    resultTemp.r = 1.0;
  }
  if (isExpZero.g) {
    resultTemp.g = 1.0;
  }
  if (isExpZero.b) {
    resultTemp.b = 1.0;
  }
  if (isExpZero.a) {
    resultTemp.a = 1.0;
  }
  let isNaN = (a < vec4<f32>(0.0)) & (floor(b) < b);
`,Gg="if (a < 0.0) { return b * a; }  return a;",qg=`
  let aLessThanZero = vec4<f32>(a < vec4<f32>(0.0));
  return (aLessThanZero * (b * a)) + ((vec4<f32>(1.0) - aLessThanZero) * a);
`,Hg="let resultTemp = (a - b) * (a - b);",Kg="let resultTemp = a - b;";function Ks(e,t){let r;do{switch(e){case U.ATAN2:r=yg;break;case U.MAX:r=Mg;break;case U.MIN:r=zg;break;case U.MOD:r=t?_g:Bg;break;case U.NOT_EQUAL:r=t?Wg:Lg;break;case U.POW:r=t?Vg:Ug;break;default:continue}let s,n,o;return t?(s="isnanVec4",n="vec4<f32>",o="vec4<bool>"):(s="isnan",n="f32",o="bool"),`
      let aIsNaN = ${s}(a);
      let aPostLegalization = select(a, ${n}(42), aIsNaN);
      let bIsNaN = ${s}(b);
      let bPostLegalization = select(b, ${n}(42), bIsNaN);
      let isNaN = false;
      let valueForNaN = uniforms.NAN;
      {
        let a = aPostLegalization;
        let b = bPostLegalization;
        ${r}
        return select(
            resultTemp, ${n}(valueForNaN),
            ${o}(isNaN) | aIsNaN | bIsNaN);
      }
    `}while(!1);switch(e){case U.ADD:r=xg;break;case U.COMPLEX_MULTIPLY_IMAG:r=Sg;break;case U.COMPLEX_MULTIPLY_REAL:r=bg;break;case U.DIV:r=Cg;break;case U.ELU_DER:r=Ig;break;case U.EQUAL:r=kg;break;case U.FLOOR_DIV:r=$g;break;case U.GREATER:r=Rg;break;case U.GREATER_EQUAL:r=Pg;break;case U.LESS:r=Ag;break;case U.LESS_EQUAL:r=Eg;break;case U.LOGICAL_AND:return t?Ng:Dg;case U.LOGICAL_OR:return t?Fg:Tg;case U.MUL:r=Og;break;case U.PRELU:return t?qg:Gg;case U.SQUARED_DIFFERENCE:r=Hg;break;case U.SUB:r=Kg;break;default:}return`
    ${r}
    return resultTemp;
  `}var P;(function(e){e[e.ABS=0]="ABS",e[e.ACOS=1]="ACOS",e[e.ACOSH=2]="ACOSH",e[e.ASIN=3]="ASIN",e[e.ASINH=4]="ASINH",e[e.ATAN=5]="ATAN",e[e.ATANH=6]="ATANH",e[e.CEIL=7]="CEIL",e[e.COS=8]="COS",e[e.COSH=9]="COSH",e[e.ELU=10]="ELU",e[e.ERF=11]="ERF",e[e.EXP=12]="EXP",e[e.EXPM1=13]="EXPM1",e[e.FLOOR=14]="FLOOR",e[e.IS_FINITE=15]="IS_FINITE",e[e.IS_INF=16]="IS_INF",e[e.IS_NAN=17]="IS_NAN",e[e.LINEAR=18]="LINEAR",e[e.LOG=19]="LOG",e[e.LOG1P=20]="LOG1P",e[e.LOGICAL_NOT=21]="LOGICAL_NOT",e[e.NEG=22]="NEG",e[e.RELU=23]="RELU",e[e.RELU6=24]="RELU6",e[e.LEAKYRELU=25]="LEAKYRELU",e[e.RECIPROCAL=26]="RECIPROCAL",e[e.ROUND=27]="ROUND",e[e.RSQRT=28]="RSQRT",e[e.SELU=29]="SELU",e[e.SIGMOID=30]="SIGMOID",e[e.SIGN=31]="SIGN",e[e.SIN=32]="SIN",e[e.SINH=33]="SINH",e[e.SOFTPLUS=34]="SOFTPLUS",e[e.SQRT=35]="SQRT",e[e.SQUARE=36]="SQUARE",e[e.STEP=37]="STEP",e[e.TAN=38]="TAN",e[e.TANH=39]="TANH",e[e.TO_INT=40]="TO_INT"})(P||(P={}));var jg="return abs(a);",Xg=`
  if (abs(a) > 1.) {
    return uniforms.NAN;
  }
  return acos(a);
`,Qg=`
  if (a < 1.) {
    return uniforms.NAN;
  }
  return acosh(a);
`,Yg=`
  if (abs(a) > 1.) {
    return uniforms.NAN;
  }
  return asin(a);
`,Zg="return asinh(a);",Jg=`
  if (isnan(a)) {
    return uniforms.NAN;
  }
  return atan(a);
`,ew=`
  if (abs(a) > 1.) {
    return uniforms.NAN;
  }
  if (a == 1.) {
    return uniforms.INFINITY;
  }
  if (a == -1.) {
    return -uniforms.INFINITY;
  }
  return atanh(a);
`,tw="return ceil(a);",rw="return cos(a);",sw=`
  let e2x = exp(-a);
  return (e2x + 1.0 / e2x) / 2.0;
`,nw="return exp(a) - 1.0;",ow="if (a >= 0.0) { return a; }  return (exp(a) - 1.0);",iw=`
  var resFloat = exp(a) - vec4<f32>(1.0);
  if (a.r >= 0.0) {
    resFloat.r = a.r;
  }
  if (a.g >= 0.0) {
    resFloat.g = a.g;
  }
  if (a.b >= 0.0) {
    resFloat.b = a.b;
  }
  if (a.a >= 0.0) {
    resFloat.a = a.a;
  }
  return resFloat;
`,aw=`
  // Error function is calculated approximately with elementary function.
  // See "Handbook of Mathematical Functions with Formulas,
  // Graphs, and Mathematical Tables", Abramowitz and Stegun.
  let p = ${I.ERF_P};
  let a1 = ${I.ERF_A1};
  let a2 = ${I.ERF_A2};
  let a3 = ${I.ERF_A3};
  let a4 = ${I.ERF_A4};
  let a5 = ${I.ERF_A5};

  let sign = sign(a);
  let absA = abs(a);
  let t = 1.0 / (1.0 + p * absA);
  return sign * (1.0 - (((((a5 * t + a4) * t) + a3) * t + a2) * t + a1) * t * exp(-absA * absA));
`,uw="return exp(a);",lw="return floor(a);",cw="return f32(!isnan(a) && !isinf(a));",dw="return f32(isinf(a));",hw="return f32(isnan(a));",pw="return a;",fw=`if (a < 0.0) { return uniforms.NAN; }
  return log(a);`,mw=`
  if (isnan(a)) { return a; }
  return log(1.0 + a);
`,gw="return f32(!(a >= 1.0));",ww="return -a;",vw="if (a < 0.0) { return uniforms.alpha * a; } return a;",xw=`
  let aLessThanZero = vec4<f32>(a < vec4<f32>(0.0));
  return (aLessThanZero * (uniforms.alpha * a)) + ((vec4<f32>(1.0) - aLessThanZero) * a);
`,yw="return 1.0 / a;",bw="return select(a, 0.0, a < 0.0);",Sw="return clamp(a, 0.0, 6.0);",Cw="return clamp(a, vec4<f32>(0.0, 0.0, 0.0, 0.0), vec4<f32>(6.0, 6.0, 6.0, 6.0));",Iw=`
  return select(a, vec4<f32>(0.0), a < vec4<f32>(0.0));
`,kw="return round(a);",$w="return inverseSqrt(a);",Rw=`
  if (a >= 0.0) {
    return ${I.SELU_SCALE} * a;
  } else {
    return ${I.SELU_SCALEALPHA} * (exp(a) - 1.0);
  }
`,Pw="return 1.0 / (1.0 + exp(-1.0 * a));",Aw="return sign(a);",Ew="return sin(a);",Dw=`
  let e2x = exp(a);
  return (e2x - 1.0 / e2x) / 2.0;
`,Nw=`
  let epsilon = 1.1920928955078125e-7;
  let threshold = log(epsilon) + 2.0;

  let too_large = a > -threshold;
  let too_small = a < threshold;
  let exp_a = exp(a);

  if (too_large) {
    return a;
  } else if (too_small) {
    return exp_a;
  } else {
    return log(exp_a + 1.0);
  }
`,Tw="return sqrt(a);",Fw="return a * a;",Mw=`
  if (isnan(a)) {
    return a;
  }

  return select(uniforms.stepAlpha, 1.0, a > 0.0);
`,zw="return tan(a);",Bw=`
  let e2x = exp(-2.0 * abs(a));
  return sign(a) * (1.0 - e2x) / (1.0 + e2x);
`,_w="return f32(i32((a)));";function mt(e,t){switch(e){case P.ABS:return jg;case P.ACOS:return Xg;case P.ACOSH:return Qg;case P.ASIN:return Yg;case P.ASINH:return Zg;case P.ATAN:return Jg;case P.ATANH:return ew;case P.COS:return rw;case P.COSH:return sw;case P.CEIL:return tw;case P.ELU:return t?iw:ow;case P.ERF:return aw;case P.EXP:return uw;case P.EXPM1:return nw;case P.FLOOR:return lw;case P.IS_FINITE:return cw;case P.IS_INF:return dw;case P.IS_NAN:return hw;case P.LINEAR:return pw;case P.LOG:return fw;case P.LOG1P:return mw;case P.LOGICAL_NOT:return gw;case P.NEG:return ww;case P.LEAKYRELU:return t?xw:vw;case P.RECIPROCAL:return yw;case P.RELU:return t?Iw:bw;case P.RELU6:return t?Cw:Sw;case P.ROUND:return kw;case P.RSQRT:return $w;case P.SELU:return Rw;case P.SIGMOID:return Pw;case P.SIGN:return Aw;case P.SIN:return Ew;case P.SINH:return Dw;case P.SOFTPLUS:return Nw;case P.SQRT:return Tw;case P.SQUARE:return Fw;case P.STEP:return Mw;case P.TAN:return zw;case P.TANH:return Bw;case P.TO_INT:return _w;default:throw new Error(`BinaryType ${e} is not implemented!`)}}function Ve(e,t=!1,r=!1,s=3){if(e===null)return"";let n="";if(e==="linear")n=mt(P.LINEAR);else if(e==="relu")n=mt(P.RELU,r);else if(e==="elu")n=mt(P.ELU,r);else if(e==="relu6")n=mt(P.RELU6,r);else if(e==="prelu")n=Ks(U.PRELU,r);else if(e==="sigmoid")n=mt(P.SIGMOID,r);else if(e==="leakyrelu")n=mt(P.LEAKYRELU,r);else throw new Error(`Activation ${e} has not been implemented for the WebGPU backend.`);const i=G(r?4:1);let a="";return t?a=`
      fn activation(a : ${i}, coords : vec${s}<i32>) -> ${i} {
        let b = getPreluActivationWeightsByOutputCoords(coords);
        ${n}
      }`:a=`
      fn activation(a : ${i}, coords : vec${s}<i32>) -> ${i} {
        ${n}
      }`,a}function gt(e,t){return`
      ${e?"value = value + getBiasByOutputCoords(coords);":""}
      ${t?"value = activation(value, coords);":""}
      `}function qi(e,t,r=!1,s=!1,n=!1,o=1){b.assert(e&&o===1||!e,()=>`transposeA ${e} is not compatible with component size ${o}`);const i=`
      ${e?"value = getA(batch, col, row);":"value = getA(batch, row, col);"}

    `,a=t?"value = getB(batch, col, row);":"value = getB(batch, row, col);";return`
  fn mm_readA(batch: i32, row: i32, col: i32) -> ${G(o)} {
    var value = ${G(o)}(0.0);
    ${r&&n?i:`
    ${e?"if(row < uniforms.dimAOuter && col < uniforms.dimInner)":"if(row < uniforms.aShape[1] && col < uniforms.aShape[2])"}
    {
      ${i}
    }
    `}
    return value;
  }

  fn mm_readB(batch: i32, row: i32, col: i32) -> ${G(o)} {
    var value = ${G(o)}(0.0);
    ${a}
    return value;
  }
  `}function js(e,t,r,s,n=!1,o=!1,i=!1,a=1){return`
  ${qi(r,s,n,o,i,a)}
  fn mm_write(batch: i32, row: i32, col: i32, valueIn: ${G(a)}) {
    ${n&&o?"":"if (row < uniforms.dimAOuter && col < uniforms.dimBOuter)"}
    {
      var value = valueIn;
      let coords = vec3<i32>(batch, row, col);
      ${gt(e,t)}
      setOutputAtCoords(coords[0], coords[1], coords[2], value);
    }
  }
  `}var Ow=(e,t)=>e?`
        mm_Asub[inputRow][inputCol] = mm_readA(batchA,
          kStart + inputRow,
          globalRowStart + inputCol * ${t});
        `:`
        mm_Asub[inputRow][inputCol] = mm_readA(batchA,
          globalRow + innerRow,
          kStart + inputCol * ${t});
        `,Lw=(e,t,r,s)=>{if(e)return`
      for (var k = 0; k < ${s}; k++) {
        let BCached0 = mm_Bsub[k][tileCol];
        let ACached0 = mm_Asub[k][localRow];
        for (var i = 0; i < ${r}; i++) {
          acc[i] = fma(BCached0, vec4<f32>(ACached0[i]), acc[i]);
        }
      }`;{let n="",o="";for(let i=0;i<t;i++)n+=`let BCached${i} = mm_Bsub[k * ${t} + ${i}][tileCol];`,o+=`acc[i] = fma(BCached${i}, vec4<f32>(ACached[${i}]), acc[i]);`;return`
      for (var k = 0; k < ${s/t}; k++) {
        ${n}
        for (var i = 0; i < ${r}; i++) {
          let ACached = mm_Asub[tileRow + i][k];
          ${o}
        }
      }`}};function Or(e,t,r=!1,s=32,n=!1,o=32,i=!1){const a=t[1]*e[1],u=t[0]*e[0],l=r?a:s,h=r?s:a,c=l/t[0],d=s/t[1],p=e[1],f=e[0];return b.assert((r&&c===4&&e[1]===4||!r&&(c===3||c===4))&&l%t[0]===0&&s%t[1]===0&&e[0]===4,()=>`If transposeA ${r} is true, innerElementSize ${c} and workPerThread[1] ${e[1]} must be 4.
          Otherwise, innerElementSize ${c} must be 3 or 4.
      tileAWidth ${l} must be divisible by workgroupSize[0]${t[0]}. tileInner ${s} must be divisible by workgroupSize[1] ${t[1]}. colPerThread ${e[0]} must be 4.`),`
  var<workgroup> mm_Asub : array<array<vec${c}<f32>, ${l/c}>, ${h}>;
  var<workgroup> mm_Bsub : array<array<vec4<f32>, ${u/e[0]}>, ${s}>;

  ${D()} {
    let localRow = i32(localId.y);
    let tileRow = localRow * ${p};
    let tileCol = i32(localId.x);

    let globalRow = i32(globalId.y) * ${p};
    let globalCol = i32(globalId.x) * ${f};
    let batch = ${n?"0":"i32(globalId.z)"};
    let batchA = ${n||!i?"batch":"batch % uniforms.aShape[0]"};
    let batchB = ${n||!i?"batch":"batch % uniforms.bShape[0]"};
    let globalRowStart = i32(workgroupId.y) * ${a};

    let numTiles = ${n?`${Math.ceil(o/s)}`:`(uniforms.dimInner - 1) / ${s} + 1`};
    var kStart = ${n?`i32(globalId.z) * ${o}`:"0"};

    var acc: array<vec4<f32>, ${p}>;

    // Loop over shared dimension.
    let tileRowB = localRow * ${d};
    for (var t = 0; t < numTiles; t++) {
        // Load one tile of A into local memory.
        for (var innerRow = 0; innerRow < ${p}; innerRow++) {
            let inputRow = tileRow + innerRow;
            let inputCol = tileCol;
            ${Ow(r,c)}
        }

        // Load one tile of B into local memory.
        for (var innerRow = 0; innerRow < ${d}; innerRow++) {
            let inputRow = tileRowB + innerRow;
            let inputCol = tileCol;
            mm_Bsub[inputRow][inputCol] = mm_readB(batchB, kStart + inputRow, globalCol);
        }
        kStart = kStart + ${s};
        workgroupBarrier();

        // Compute acc values for a single thread.
        ${Lw(r,c,p,s)}
        workgroupBarrier();
    }

    for (var innerRow = 0; innerRow < ${p}; innerRow++) {
        mm_write(batch, globalRow + innerRow, globalCol, acc[innerRow]);
    }
  }`}var Hi=e=>e?`
        mm_Asub[inputRow][inputCol] = mm_readA(batchA,
          kStart + inputRow,
          globalRowStart + inputCol);
        `:`
        mm_Asub[inputRow][inputCol] = mm_readA(batchA,
          globalRowStart + inputRow,
          kStart + inputCol);
        `,Ww=e=>e?"let ACached = mm_Asub[k][tileRow + innerRow];":"let ACached = mm_Asub[tileRow + innerRow][k];";function Lr(e,t,r=!1,s=32,n=!1,o=32,i=!1,a=!1){const u=e[1]*t[1],l=e[0]*t[0],h=r?u:s,c=r?s:u;b.assert(c%t[1]===0&&h%t[0]===0&&s%t[1]===0,()=>`tileAHight ${c} must be divisible by workgroupSize[1]${t[1]}, tileAWidth ${h} must be divisible by workgroupSize[0]${t[0]}, tileInner ${s} must be divisible by workgroupSize[1]${t[1]}`);const d=c/t[1],p=h/t[0],f=s/t[1],g=e[1],m=e[0],w=i?`
      let localRow = i32(localId.y);
      let localCol = i32(localId.x);
      let globalRowStart = i32(workgroupId.y) * ${u};
      let globalColStart = i32(workgroupId.x) * ${l};

      // Loop over shared dimension.
      for (var t = 0; t < numTiles; t++) {
        // Load one tile of A into local memory.
        for (var inputRow = localRow; inputRow < ${c}; inputRow = inputRow + ${t[1]}) {
          for (var inputCol = localCol; inputCol < ${h}; inputCol = inputCol + ${t[0]}) {
            ${Hi(r)}
          }
        }
        // Load one tile of B into local memory.
        for (var inputRow = localRow; inputRow < ${s}; inputRow = inputRow + ${t[1]}) {
              for (var inputCol = localCol; inputCol < ${l}; inputCol = inputCol + ${t[0]}) {
            mm_Bsub[inputRow][inputCol] = mm_readB(batchB,
              kStart + inputRow,
              globalColStart + inputCol);
          }
        }
        kStart = kStart + ${s};
        workgroupBarrier();

        // Compute acc values for a single thread.
        var BCached : array<f32, ${m}>;
        for (var k = 0; k < ${s}; k++) {
          for (var inner = 0; inner < ${m}; inner++) {
            BCached[inner] = mm_Bsub[k][localCol + inner * ${t[0]}];
          }
          for (var innerRow = 0; innerRow < ${g}; innerRow++) {
            let ACached = ${r?`mm_Asub[k][localRow + innerRow * ${t[1]}];`:`mm_Asub[localRow + innerRow * ${t[1]}][k];`}
            for (var innerCol = 0; innerCol < ${m}; innerCol++) {
              acc[innerRow][innerCol] =
                  fma(ACached, BCached[innerCol], acc[innerRow][innerCol]);
            }
          }
        }
        workgroupBarrier();
      }
      for (var innerRow = 0; innerRow < ${g}; innerRow++) {
        let gRow = globalRowStart + localRow + innerRow * ${t[1]};
        for (var innerCol = 0; innerCol < ${m}; innerCol++) {
          let gCol = globalColStart + localCol + innerCol * ${t[0]};
          mm_write(batch, gRow, gCol, acc[innerRow][innerCol]);
        }
      }
      `:`
  let tileRow = i32(localId.y) * ${g};
  let tileCol = i32(localId.x) * ${m};

  let globalRow = i32(globalId.y) * ${g};
  let globalCol = i32(globalId.x) * ${m};
  let globalRowStart = i32(workgroupId.y) * ${u};

  let tileRowA = i32(localId.y) * ${d};
  let tileColA = i32(localId.x) * ${p};
  let tileRowB = i32(localId.y) * ${f};
  // Loop over shared dimension.
  for (var t = 0; t < numTiles; t++) {
    // Load one tile of A into local memory.
    for (var innerRow = 0; innerRow < ${d}; innerRow++) {
      for (var innerCol = 0; innerCol < ${p}; innerCol++) {
        let inputRow = tileRowA + innerRow;
        let inputCol = tileColA + innerCol;
        ${Hi(r)}
      }
    }

    // Load one tile of B into local memory.
    for (var innerRow = 0; innerRow < ${f}; innerRow++) {
      for (var innerCol = 0; innerCol < ${m}; innerCol++) {
        let inputRow = tileRowB + innerRow;
        let inputCol = tileCol + innerCol;
        mm_Bsub[inputRow][inputCol] = mm_readB(batchB,
          kStart + inputRow,
          globalCol + innerCol);
      }
    }
    kStart = kStart + ${s};
    workgroupBarrier();

    // Compute acc values for a single thread.
    var BCached : array<f32, ${m}>;
    for (var k = 0; k < ${s}; k++) {
      for (var inner = 0; inner < ${m}; inner++) {
        BCached[inner] = mm_Bsub[k][tileCol + inner];
      }

      for (var innerRow = 0; innerRow < ${g}; innerRow++) {
        ${Ww(r)}
        for (var innerCol = 0; innerCol < ${m}; innerCol++) {
          acc[innerRow][innerCol] =
              fma(ACached, BCached[innerCol], acc[innerRow][innerCol]);
        }
      }
    }

    workgroupBarrier();
  }

  for (var innerRow = 0; innerRow < ${g}; innerRow++) {
    for (var innerCol = 0; innerCol < ${m}; innerCol++) {
      mm_write(batch, globalRow + innerRow, globalCol + innerCol,
          acc[innerRow][innerCol]);
    }
  }
  `;return`
    var<workgroup> mm_Asub : array<array<f32, ${h}>, ${c}>;
    var<workgroup> mm_Bsub : array<array<f32, ${l}>, ${s}>;

    ${D()} {
      let batch = ${n?"0":"i32(globalId.z)"};
      let batchA = ${n||!a?"batch":"batch % uniforms.aShape[0]"};
      let batchB = ${n||!a?"batch":"batch % uniforms.bShape[0]"};
      let numTiles = ${n?`${Math.ceil(o/s)}`:`(uniforms.dimInner - 1) / ${s} + 1`};
      var kStart = ${n?`i32(globalId.z) * ${o}`:"0"};

      var acc : array<array<f32, ${m}>, ${g}>;

      // Without this initialization strange values show up in acc.
      for (var innerRow = 0; innerRow < ${g}; innerRow++) {
        for (var innerCol = 0; innerCol < ${m}; innerCol++) {
          acc[innerRow][innerCol] = 0.0;
        }
      }
      ${w}
    }
  `}var Uw=e=>e?`
      mm_readA(batchA, colA, globalRow),
      mm_readA(batchA, colA + 1, globalRow),
      mm_readA(batchA, colA + 2, globalRow),
      mm_readA(batchA, colA + 3, globalRow)
  `:`
      mm_readA(batchA, globalRow, colA),
      mm_readA(batchA, globalRow, colA + 1),
      mm_readA(batchA, globalRow, colA + 2),
      mm_readA(batchA, globalRow, colA + 3)
  `;function Vw(e,t=!1){b.assert(e[1]===1&&e[2]===1,()=>`A linear work group size is required. But got ${e}.`);const r=e[0]*4;return`
    var<workgroup> mm_Asub : array<vec4<f32>, ${e[0]}>;

    ${D()} {
      let tileCol = i32(localId.x);
      let globalCol = i32(globalId.x);
      let globalRow = i32(globalId.y);

      let numTiles = (uniforms.dimInner - 1) / ${r} + 1;
      let batch = i32(globalId.z);
      let batchA = batch % uniforms.aShape[0];
      let batchB = batch % uniforms.bShape[0];
      // Without this initialization strange values show up in acc.
      var acc = 0.0;

      // Loop over shared dimension.
      for (var t = 0; t < numTiles; t++) {
        // Load one tile of A into local memory.
        let colA = t * ${r} + tileCol * 4;
        mm_Asub[tileCol] = vec4<f32>(${Uw(t)});
        workgroupBarrier();

        // Compute acc values for a single thread.
        for (var k = 0; k < ${r/4}; k++) {
          let rowB = t * ${r} + k * 4;
          let BCached = vec4<f32>(mm_readB(batchB, rowB, globalCol),
                              mm_readB(batchB, rowB + 1, globalCol),
                              mm_readB(batchB, rowB + 2, globalCol),
                              mm_readB(batchB, rowB + 3, globalCol));

          let ACached = mm_Asub[k];
          acc = acc + dot(ACached, BCached);
        }

        workgroupBarrier();
      }

      mm_write(batch, globalRow, globalCol, acc);
    }
  `}var Gw=class{constructor(e,t,r=!1,s=!1,n=null,o=null,i=null,a=!1){this.variableNames=["A","B"],this.uniforms="dimAOuter : i32, dimBOuter : i32, dimInner : i32,",this.outputShape=t,this.dispatchLayout={x:[2],y:[1],z:[0]};const u=r?e[1]:e[2];if(this.isVec4=(u%4===0&&!r||t[1]%4===0&&r)&&t[2]%4===0&&!s,this.outputComponent=this.isVec4?4:1,this.isVectorA=t[1]===1&&!r,!this.isVec4&&this.isVectorA)this.elementsPerThread=[1,1,1],this.workgroupSize=[32,1,1];else{const c=gg(t[1],u,t[2],r);this.workgroupSize=c.workgroupSize,this.elementsPerThread=c.elementsPerThread}this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,this.elementsPerThread);const l=n!=null,h=i!=null;l&&this.variableNames.push("bias"),h&&this.variableNames.push("preluActivationWeights"),this.sequentialAccessByThreads=a,this.transposeA=r,this.transposeB=s,this.addBias=l,this.activation=o,this.hasPreluActivationWeights=h,[this.fitAOuter,this.fitBOuter,this.fitInner]=this.getShapeFit(t[1],t[2],u),this.shaderKey=`matMulPacked_${this.elementsPerThread}_${r}_${s}_${this.activation}_${this.fitAOuter}_${this.fitBOuter}_${this.fitInner}_${this.isVec4}_${this.isVectorA}_${this.sequentialAccessByThreads}`}getShapeFit(e,t,r){const s=this.workgroupSize[1]*this.elementsPerThread[1],n=this.workgroupSize[0]*this.elementsPerThread[0];!this.isVec4&&this.isVectorA?this.tileInner=this.workgroupSize[0]*4:this.tileInner=n;const o=e%s===0,i=t%n===0,a=r%this.tileInner===0;return[o,i,a]}getUserCode(){return`
      ${Ve(this.activation,this.hasPreluActivationWeights,this.isVec4)}
      ${js(this.addBias,this.activation,!1,this.transposeB,this.fitAOuter,this.fitBOuter,this.fitInner,this.isVec4?4:1)}
      ${this.isVec4?Or(this.elementsPerThread,this.workgroupSize,this.transposeA,this.tileInner,!1,null,!0):this.isVectorA?Vw(this.workgroupSize,this.transposeA):Lr(this.elementsPerThread,this.workgroupSize,this.transposeA,this.tileInner,!1,null,this.sequentialAccessByThreads,!0)}
    `}};function qw(e){return`
    var<workgroup> sumValues : array<f32, ${e}>;
    ${D()} {
      let coords = getOutputCoords();
      let batch = coords[0];
      let batchA = batch % uniforms.aShape[0];
      let batchB = batch % uniforms.bShape[0];
      let row = coords[1];
      let col = coords[2];
      var sum = 0.0;
      let Length = uniforms.dimInner;
      for (var k = i32(localId.x); k < Length; k = k + ${e}) {
        let dataA = mm_readA(batchA, row, k);
        let dataB = mm_readB(batchB, k, col);
        sum = sum + dataA * dataB;
      }
      sumValues[localId.x] = sum;
      workgroupBarrier();

      for(var currentSize = ${e/2}u; currentSize > 1u;
          currentSize = currentSize / 2u) {
        if (localId.x < currentSize)
        {
          sumValues[localId.x] = sumValues[localId.x] + sumValues[localId.x + currentSize];
        }
        workgroupBarrier();
      }

      if (localId.x == 0u) {
        sum = sumValues[0] + sumValues[1];
        mm_write(batch, row, col, sum);
      }
    }
  `}var Hw=class{constructor(e,t=!1,r=!1,s=null,n=null,o=null){this.variableNames=["A","B"],this.uniforms="dimAOuter : i32, dimBOuter : i32, dimInner : i32,",this.workgroupSize=[256,1,1],this.outputShape=e,this.dispatchLayout={x:[],y:[1,2],z:[0]},this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize);const i=s!=null,a=o!=null;i&&this.variableNames.push("bias"),a&&this.variableNames.push("preluActivationWeights"),this.transposeA=t,this.transposeB=r,this.addBias=i,this.activation=n,this.hasPreluActivationWeights=a,this.shaderKey=`matMulReduce_${this.activation}_${t}_${r}`}getUserCode(){return`
      ${Ve(this.activation,this.hasPreluActivationWeights)}
      ${js(this.addBias,this.activation,this.transposeA,this.transposeB)}
      ${qw(this.workgroupSize[0])}
    `}};function Kw(e){const t=e[1],r=e[0],s=t>r?t:r;return`
  var<workgroup> mm_Asub : array<array<f32, ${s}>, ${t}>;
  var<workgroup> mm_Bsub : array<array<f32, ${r}>, ${s}>;

  // If the output size is small for matrix multiplication, avoid to use vec4
  // and handle some elements per thread to optimally utilize the ALU.
  // Read data from global memory to registers firstly, then store them into
  // shared memory, so it is instruction-Level parallelism for arithmetic
  // operations and others handle IO operations between barrier api, makes ALU
  // and load/store units work simultaneously, could improves the performance.
  ${D()} {
    let tileRow = i32(localId.y);
    let tileCol = i32(localId.x);
    let globalRow = i32(globalId.y);
    let globalCol = i32(globalId.x);
    let batch = i32(globalId.z);
    let batchA = batch % uniforms.aShape[0];
    let batchB = batch % uniforms.bShape[0];

    // uniforms.dimInner should be greater than 0.
    let numTiles = (uniforms.dimInner - 1) / ${s} + 1;
    var acc = 0.0;

    var globalColA = tileCol;
    var globalRowB = 0;
    var regA = mm_readA(batchA, globalRow, globalColA);
    var regB0 = mm_readB(batchB, globalRowB + 2 * tileRow, globalCol);
    var regB1 = mm_readB(batchB, globalRowB + 2 * tileRow + 1, globalCol);
    globalColA = globalColA + ${s};
    globalRowB = globalRowB + ${s};

    for (var t = 0; t < numTiles; t = t + 1) {
      mm_Asub[tileRow][tileCol] = regA;
      mm_Bsub[2 * tileRow][tileCol] = regB0;
      mm_Bsub[2 * tileRow + 1][tileCol] = regB1;

      workgroupBarrier();

      regA = mm_readA(batchA, globalRow, globalColA);
      regB0 = mm_readB(batchB, globalRowB + 2 * tileRow, globalCol);
      regB1 = mm_readB(batchB, globalRowB + 2 * tileRow + 1, globalCol);
      globalColA = globalColA + ${s};
      globalRowB = globalRowB + ${s};

      for (var k = 0; k < ${s}; k = k + 1) {
        acc = acc + mm_Asub[tileRow][k] * mm_Bsub[k][tileCol];
      }
      workgroupBarrier();
    }

    mm_write(batch, globalRow, globalCol, acc);
  }
  `}var jw=class{constructor(e,t,r,s=!1,n=!1,o=null,i=null,a=null){this.variableNames=["A","B"],this.uniforms="dimAOuter : i32, dimBOuter : i32, dimInner : i32,",this.workgroupSize=[16,8,1],this.outputShape=r,this.dispatchLayout={x:[2],y:[1],z:[0]},this.dispatch=[Math.ceil(r[2]/this.workgroupSize[0]),Math.ceil(r[1]/this.workgroupSize[1]),r[0]];const u=o!=null;u&&this.variableNames.push("bias");const l=a!=null;l&&this.variableNames.push("preluActivationWeights"),this.transposeA=s,this.transposeB=n,this.addBias=u,this.activation=i,this.hasPreluActivationWeights=l,this.shaderKey=`matMulSmallOutputSize_${this.activation}_${s}_${n}`}getUserCode(){return`
      ${Ve(this.activation,this.hasPreluActivationWeights)}
      ${js(this.addBias,this.activation,this.transposeA,this.transposeB)}
      ${Kw(this.workgroupSize)}
    `}},Xw=class{constructor(e,t,r=!1,s=!1){this.variableNames=["A","B"],this.uniforms="dimAOuter : i32, dimBOuter : i32, dimInner : i32,",this.workgroupSize=[8,8,1],this.atomic=!0,this.splitedDimInner=128,b.assert(e[0]===1,()=>"MatMulSplitKProgram only supports batch = 1."),this.outputShape=e,this.dispatchLayout={x:[2],y:[1],z:[0,3]};const n=(r&&this.outputShape[1]%4===0||!r&&t%4===0)&&this.outputShape[2]%4===0;this.elementsPerThread=[4,4,this.splitedDimInner],this.outputComponent=n?4:1,n||(this.outputShape[1]<16&&(this.elementsPerThread[1]=1),this.outputShape[2]<16&&(this.elementsPerThread[0]=1)),this.dispatch=N(this.dispatchLayout,[this.outputShape[0],this.outputShape[1],this.outputShape[2],t],this.workgroupSize,this.elementsPerThread),this.transposeA=r,this.transposeB=s,this.shaderKey=`matMulSplitK_${r}_${s}_${this.elementsPerThread}_${this.outputComponent}`}getUserCode(){const e=this.outputComponent;return`
      ${qi(!1,this.transposeB,!1,!1,!1,e)}
      fn mm_write(batch: i32, row : i32, col : i32, value : ${G(e)}) {
        if (row < uniforms.dimAOuter && col < uniforms.dimBOuter) {
          let coords = vec3<i32>(batch, row, col);
          let flatIndex = getOutputIndexFromCoords(coords);
          // The problem is that we should initialize output to zero before using.
          // Otherwise, the original value will be added to the result.
          for (var i = 0; i < ${e}; i = i + 1) {
            ${je("&result[flatIndex + i]",`${e>1?"value[i]":"value"}`,"float32")}
          }
        }
      }
      ${e===4?Or(this.elementsPerThread,this.workgroupSize,this.transposeA,32,!0,this.splitedDimInner):Lr(this.elementsPerThread,this.workgroupSize,this.transposeA,32,!0,this.splitedDimInner)}
    `}},Qw=class{constructor(e,t=null,r=null,s=null){this.uniforms="",this.variableNames=["x"],this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.addBias=t!=null,this.hasPreluActivationWeights=s!=null,this.activation=r,this.addBias&&this.variableNames.push("bias"),this.hasPreluActivationWeights&&this.variableNames.push("preluActivationWeights"),this.shaderKey=`biasActivation_${r}`}getUserCode(){return`
    ${Ve(this.activation,this.hasPreluActivationWeights)}
    ${D("index")} {
      if (index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        var value = getXByOutputIndex(index);
        ${gt(this.addBias,this.activation)}
        setOutputAtIndex(index, value);
      }
    }
    `}},Yw=class{constructor(e){this.variableNames=[],this.outputShape=[],this.uniforms="value : f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="fill"}getUserCode(){return`
    ${D("index")} {
      if (index < uniforms.size) {
        setOutputAtIndex(index, uniforms.value);
      }
    }
  `}};function we(e){const{backend:t,attrs:r}=e,{shape:s,value:n}=r;let{dtype:o}=r;if(o=o||b.inferDtype(n),o==="string"){const i=b.getArrayFromDType(o,b.sizeFromShape(s));return i.fill(n),t.makeTensorInfo(s,o,i)}else{const i=new Yw(s),a=[{type:"float32",data:[n]}];return t.runWebGPUProgram(i,[],o,a)}}var Zw={kernelName:On,backendName:"webgpu",kernelFunc:we};function B(e){const{inputs:t,attrs:r}=e,{x:s}=t,{shape:n}=r,o=b.sizeFromShape(s.shape),i=b.inferFromImplicitShape(n,o),a=b.sizeFromShape(i);return b.assert(o===a,()=>`The new shape (${i}) has ${a} elements and the old shape (${s.shape}) has ${o} elements. The new shape and old shape must have the same number of elements.`),e.backend.incRef(s.dataId),{dataId:s.dataId,shape:i,dtype:s.dtype}}var Jw={kernelName:Zn,backendName:"webgpu",kernelFunc:B};function Wr({a:e,b:t,transposeA:r,transposeB:s,backend:n,bias:o=null,preluActivationWeights:i=null,leakyreluAlpha:a=0,activation:u=null}){const l=e.shape.length,h=t.shape.length,c=r?e.shape[l-2]:e.shape[l-1],d=s?t.shape[h-1]:t.shape[h-2],p=r?e.shape[l-1]:e.shape[l-2],f=s?t.shape[h-2]:t.shape[h-1],g=e.shape.slice(0,-2),m=t.shape.slice(0,-2),w=b.sizeFromShape(g),y=b.sizeFromShape(m),S=Ko.assertAndGetBroadcastShape(e.shape.slice(0,-2),t.shape.slice(0,-2)).concat([p,f]);b.assert(c===d,()=>`Error in matMul: inner shapes (${c}) and (${d}) of Tensors with shapes ${e.shape} and ${t.shape} and transposeA=${r} and transposeB=${s} must match.`);const C=r?[w,c,p]:[w,p,c],R=s?[y,f,d]:[y,d,f],E=B({inputs:{x:e},backend:n,attrs:{shape:C}}),M=B({inputs:{x:t},backend:n,attrs:{shape:R}}),z=[E,M],W=Math.max(w,y),$=[E,M],k=[{type:"int32",data:[p]},{type:"int32",data:[f]},{type:"int32",data:[c]}];let v,A;const F=[W,p,f];let V=L().get("WEBGPU_MATMUL_PROGRAM_TYPE");if(V<0){const Q=L().getNumber("WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL"),ne=Q>0?Q:n.thresholdToIncreaseWorkgroups,he=W*Math.ceil(p/32)*Math.ceil(f/32);he<=ne||p<=8&&he<=ne*2?W*p*f<=128?V=ze.MatMulReduceProgram:W===1&&d>=2e3?V=ze.MatMulSplitKProgram:V=ze.MatMulSmallOutputSizeProgram:V=ze.MatMulPackedProgram}switch(V){case ze.MatMulReduceProgram:v=new Hw(F,r,s,o,u,i);break;case ze.MatMulSplitKProgram:{if(A=we({backend:n,attrs:{shape:F,value:0,dtype:e.dtype}}),v=new Xw(F,d,r,s),o||u){A=n.runWebGPUProgram(v,$,e.dtype,k,A);const ne=new Qw(A.shape,o,u,i);let he=null;const ie=[A];o&&ie.push(o),i&&ie.push(i),u==="leakyrelu"&&(he=[{type:"float32",data:[a]}],ne.uniforms+=" alpha : f32,");const te=n.runWebGPUProgram(ne,ie,A.dtype,he);z.push(A);const Ce=B({inputs:{x:te},backend:n,attrs:{shape:S}});z.push(te);for(const le of z)n.disposeData(le.dataId);return Ce}break}case ze.MatMulSmallOutputSizeProgram:v=new jw(C,R,F,r,s,o,u,i);break;case ze.MatMulPackedProgram:const Q=n.adapterInfo.isIntel();v=new Gw(C,F,r,s,o,u,i,Q);break;default:throw new Error(`Unsupported MatMulProgramType ${V}.`)}o&&$.push(o),i&&$.push(i),u==="leakyrelu"&&(k.push({type:"float32",data:[a]}),v.uniforms+=" alpha : f32,"),A=n.runWebGPUProgram(v,$,e.dtype,k,A);const K=B({inputs:{x:A},backend:n,attrs:{shape:S}});z.push(A);for(const Q of z)n.disposeData(Q.dataId);return K}function ev(e){const{inputs:t,backend:r,attrs:s}=e,{a:n,b:o,bias:i,preluActivationWeights:a}=t,{transposeA:u,transposeB:l,activation:h,leakyreluAlpha:c}=s;return Wr({a:n,b:o,transposeA:u,transposeB:l,backend:r,bias:i,preluActivationWeights:a,leakyreluAlpha:c,activation:h})}var tv={kernelName:Fd,backendName:"webgpu",kernelFunc:ev},Ki=class{constructor(e,t,r){this.variableNames=["AReal","AImag","BReal","BImag"],this.workgroupSize=[128,1,1],this.size=!0,this.outputShape=I.assertAndGetBroadcastShape(t,r),this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey=`binaryOpComplex_${e}`,this.op=e}getUserCode(){return`
      fn binaryOpComplex(
          areal : f32, aimag : f32, breal : f32, bimag : f32) -> f32 {
        ${Ks(this.op,!1)}
      }

      ${D("index")} {
        if(index < uniforms.size) {
          let areal = getARealByOutputIndex(index);
          let aimag = getAImagByOutputIndex(index);
          let breal = getBRealByOutputIndex(index);
          let bimag = getBImagByOutputIndex(index);
          setOutputAtIndex(index, binaryOpComplex(areal, aimag, breal, bimag));
        }
      }
    `}},Ur=class{constructor(e,t,r){if(this.size=!0,this.variableNames=["A","B"],this.outputShape=I.assertAndGetBroadcastShape(t,r),this.dispatchLayout=T(this.outputShape),this.op=e,this.useSharedMemoryWithA=t.length<=1&&r.length>1&&t[0]<128,this.useSharedMemoryWithB=r.length<=1&&t.length>1&&r[0]<128,this.useSharedMemoryWithA||this.useSharedMemoryWithB)this.outputComponent=1,this.variableComponents=[1,1],this.lastDimensionSize=this.useSharedMemoryWithB?r[0]:t[0],this.shaderKey=`binary_${e}_${this.lastDimensionSize}`,this.type="shared",this.workgroupSize=[256,1,1];else{const s=t.length>0&&t[t.length-1]%4===0,n=r.length>0&&r[r.length-1]%4===0;s&&n?(this.outputComponent=4,this.variableComponents=[4,4]):s&&(b.isScalarShape(r)||r[r.length-1]===1)||n&&(b.isScalarShape(t)||t[t.length-1]===1)?(this.outputComponent=4,this.variableComponents=s?[4,1]:[1,4]):(this.outputComponent=1,this.variableComponents=[1,1]),this.type="nonshared",this.shaderKey=`binary_${e}_${this.variableComponents}`,this.workgroupSize=[128,1,1]}this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,[this.outputComponent,1,1])}getUserCode(){let e;const t=this.outputComponent===4?"vec4<f32>":"f32",r=`
    fn binaryOperation(a : ${t}, b : ${t}) -> ${t} {
      ${Ks(this.op,this.outputComponent===4)}
    };
    `;if(this.type==="shared"){const s=this.lastDimensionSize>1?`coords[${this.outputShape.length-1}]`:"0",n=this.useSharedMemoryWithB?`let a = getAByOutputIndex(index);
          let b = sharedBuf[${s}];`:`let a = sharedBuf[${s}];
          let b = getBByOutputIndex(index);`;e=`
        ${r}
        var<workgroup> sharedBuf : array<f32, ${this.lastDimensionSize}>;
        ${D("index")} {
          // Fill in the shared memory buffer.
          let localIndex = i32(localId.x);
          if(localIndex < ${this.lastDimensionSize}) {
            sharedBuf[localIndex] = f32(${this.useSharedMemoryWithB?"B":"A"}[localIndex]);
          }
          workgroupBarrier();

          if(index < uniforms.size) {
            let coords = getCoordsFromIndex(index);
            ${n}
            setOutputAtIndex(index, binaryOperation(a, b));
          }
        }
        `}else e=`
       ${r}
       ${D("index")} {
         if (index < uniforms.size) {
           let coords = getCoordsFromIndex(index * ${this.outputComponent});
           let a = ${t}(getAByOutputCoords(coords));
           let b = ${t}(getBByOutputCoords(coords));
           setOutputAtIndex(index, binaryOperation(a, b));
         }
       }
       `;return e}};function be(e){const{inputs:t}=e,{x:r}=t;return e.backend.incRef(r.dataId),{dataId:r.dataId,shape:r.shape,dtype:r.dtype}}var rv={kernelName:ls,backendName:"webgpu",kernelFunc:be};function wt(e){const{inputs:t,backend:r}=e,{real:s,imag:n}=t,o=r.makeTensorInfo(s.shape,"complex64"),i=r.tensorMap.get(o.dataId),a=be({inputs:{x:s},backend:r}),u=be({inputs:{x:n},backend:r});return i.complexTensorInfos={real:a,imag:u},o}var sv={kernelName:Nn,backendName:"webgpu",kernelFunc:wt},_t=class{constructor(e,t,r=""){this.variableNames=["A"],this.size=!0;const s=128;this.workgroupSize=[s,1,1],this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.op=t,r!==""&&(this.uniforms=r),this.shaderKey=`unary_${t}`}getUserCode(){return`
      fn unaryOperation(a : f32) -> f32 {
        ${mt(this.op,!1)}
      }
      ${D("index")} {
        if (index < uniforms.size) {
          let a = getAByOutputIndex(index);
          setOutputAtIndex(index, unaryOperation(a));
        }
      }
      `}};function H({opType:e,cpuKernelImpl:t,dtype:r}){return({inputs:s,backend:n})=>{const{x:o}=s,i=n,a=r||o.dtype;if(i.shouldExecuteOnCPU([o])&&t!=null){const l=i.tensorMap.get(o.dataId),h=t(l.values,a);return i.makeTensorInfo(o.shape,a,h)}const u=new _t(o.shape,e);return i.runWebGPUProgram(u,[o],a)}}function de({opType:e,cpuKernelImpl:t,supportsComplex:r=!1,dtype:s}){return({inputs:n,backend:o})=>{const{a:i,b:a}=n,u=o;if(r&&i.dtype==="complex64"){const c=u.tensorMap.get(i.dataId),d=u.tensorMap.get(a.dataId);let p,f;if(e!==U.MUL)[p,f]=[[c.complexTensorInfos.real,d.complexTensorInfos.real],[c.complexTensorInfos.imag,d.complexTensorInfos.imag]].map(m=>{const[w,y]=m,x={dataId:w.dataId,dtype:w.dtype,shape:i.shape},S={dataId:y.dataId,dtype:y.dtype,shape:a.shape},C=new Ur(e,i.shape,a.shape);return u.runWebGPUProgram(C,[x,S],Le(w.dtype,y.dtype))});else{const m=new Ki(U.COMPLEX_MULTIPLY_REAL,i.shape,a.shape),w=new Ki(U.COMPLEX_MULTIPLY_IMAG,i.shape,a.shape),y=[{dataId:c.complexTensorInfos.real.dataId,dtype:c.complexTensorInfos.real.dtype,shape:i.shape},{dataId:c.complexTensorInfos.imag.dataId,dtype:c.complexTensorInfos.imag.dtype,shape:i.shape},{dataId:d.complexTensorInfos.real.dataId,dtype:d.complexTensorInfos.real.dtype,shape:a.shape},{dataId:d.complexTensorInfos.imag.dataId,dtype:d.complexTensorInfos.imag.dtype,shape:a.shape}];p=u.runWebGPUProgram(m,y,"float32"),f=u.runWebGPUProgram(w,y,"float32")}const g=wt({inputs:{real:p,imag:f},backend:u});return u.disposeData(p.dataId),u.disposeData(f.dataId),g}const l=s||Le(i.dtype,a.dtype);if((i.dtype==="string"||a.dtype==="string"||u.shouldExecuteOnCPU([i,a]))&&t!=null){const c=u.tensorMap.get(i.dataId).values,d=u.tensorMap.get(a.dataId).values,p=i.dtype==="string"?I.fromUint8ToStringArray(c):c,f=i.dtype==="string"?I.fromUint8ToStringArray(d):d,[g,m]=t(i.shape,a.shape,p,f,l);return u.makeTensorInfo(m,l,g)}const h=new Ur(e,i.shape,a.shape);return u.runWebGPUProgram(h,[i,a],l)}}var ji={};Je(ji,{addImpl:()=>Zi,bincountImpl:()=>av,bincountReduceImpl:()=>uv,bitwiseAndImpl:()=>Ji,castImpl:()=>Yi,ceilImpl:()=>ta,concatImpl:()=>lv,equalImpl:()=>ra,expImpl:()=>sa,expm1Impl:()=>na,floorDivImpl:()=>ia,floorImpl:()=>oa,gatherNdImpl:()=>cv,gatherV2Impl:()=>dv,greaterEqualImpl:()=>ua,greaterImpl:()=>aa,lessEqualImpl:()=>ca,lessImpl:()=>la,linSpaceImpl:()=>hv,logImpl:()=>da,maxImpl:()=>pv,maximumImpl:()=>ha,minimumImpl:()=>pa,multiplyImpl:()=>Zs,negImpl:()=>mv,notEqualImpl:()=>fa,prodImpl:()=>wv,raggedGatherImpl:()=>Iv,raggedRangeImpl:()=>kv,raggedTensorToTensorImpl:()=>Rv,rangeImpl:()=>Pv,rsqrtImpl:()=>xa,scatterImpl:()=>Av,sigmoidImpl:()=>Ev,simpleAbsImpl:()=>nv,sliceImpl:()=>Dv,sparseFillEmptyRowsImpl:()=>Nv,sparseReshapeImpl:()=>Tv,sparseSegmentReductionImpl:()=>Fv,sqrtImpl:()=>Mv,squaredDifferenceImpl:()=>ya,staticRegexReplaceImpl:()=>ba,stridedSliceImpl:()=>zv,stringNGramsImpl:()=>_v,stringSplitImpl:()=>Lv,stringToHashBucketFastImpl:()=>Wv,subImpl:()=>Sa,tileImpl:()=>Vv,topKImpl:()=>Gv,transposeImpl:()=>gv,uniqueImpl:()=>qv});function Xi(e,t){Array.isArray(e)||(e=[e]),e.forEach(r=>{r!=null&&b.assert(r.dtype!=="complex64",()=>`${t} does not support complex64 tensors in the CPU backend.`)})}function nv(e){const t=new Float32Array(e.length);for(let r=0;r<e.length;++r)t[r]=Math.abs(e[r]);return t}function ve(e){return(t,r,s,n,o)=>{const i=I.assertAndGetBroadcastShape(t,r),a=i.length,u=b.computeStrides(i),l=b.sizeFromShape(i),h=b.getTypedArrayFromDType(o,l),c=t.length,d=r.length,p=b.computeStrides(t),f=b.computeStrides(r),g=I.getBroadcastDims(t,i),m=I.getBroadcastDims(r,i);if(g.length+m.length===0)for(let w=0;w<h.length;++w)h[w]=e(s[w%s.length],n[w%n.length]);else for(let w=0;w<h.length;++w){const y=b.indexToLoc(w,a,u),x=y.slice(-c);g.forEach(E=>x[E]=0);const S=b.locToIndex(x,c,p),C=y.slice(-d);m.forEach(E=>C[E]=0);const R=b.locToIndex(C,d,f);h[w]=e(s[S],n[R])}return[h,i]}}function Xs(e){const{inputs:t,backend:r}=e,{real:s,imag:n}=t,o=r.data.get(s.dataId).values,i=r.data.get(n.dataId).values,a=r.makeTensorInfo(s.shape,"complex64"),u=r.data.get(a.dataId);return u.complexTensorInfos={real:r.makeTensorInfo(s.shape,"float32",o),imag:r.makeTensorInfo(n.shape,"float32",i)},a}function Qs(e,t,r="float32"){if(r==="complex64"){const n=Qs(e,t,"float32"),o=Qs(e,t,"float32");return Xs({inputs:{real:n,imag:o},backend:e})}const s=b.makeZerosTypedArray(b.sizeFromShape(t),r);return e.makeTensorInfo(t,r,s)}function Qi(e){const{inputs:t,backend:r}=e,{x:s}=t;return r.incRef(s.dataId),{dataId:s.dataId,shape:s.shape,dtype:s.dtype}}function ov(e){const{inputs:t,backend:r}=e,{input:s}=t,n=r.data.get(s.dataId).complexTensorInfos.real,o=r.data.get(n.dataId).values;return r.makeTensorInfo(n.shape,n.dtype,o)}function Yi(e,t,r,s){if(s==="int32"){const n=Int32Array.from(e);return[t,"int32",n]}if(s==="bool"){const n=b.toTypedArray([0],r),[o,i]=ve((a,u)=>a!==u?1:0)(t,[],e,n,"bool");return[i,"bool",o]}throw new Error(`Error in Cast: failed to cast ${r} to ${s}`)}function Vr(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{dtype:o}=s;if(o==="complex64"){if(n.dtype==="complex64")return Qi({inputs:{x:n},backend:r});const h=Qs(r,n.shape,n.dtype),c=Vr({inputs:{x:n},backend:r,attrs:{dtype:"float32"}}),d=Xs({inputs:{real:c,imag:h},backend:r});return r.disposeIntermediateTensorInfo(h),r.disposeIntermediateTensorInfo(c),d}if(n.dtype==="complex64"){const h=ov({inputs:{input:n},backend:r}),c=Vr({inputs:{x:h},backend:r,attrs:{dtype:o}});return r.disposeIntermediateTensorInfo(h),c}if(!b.hasEncodingLoss(n.dtype,o)){const h=Qi({inputs:{x:n},backend:r});return{dataId:h.dataId,shape:h.shape,dtype:o}}const i=r.data.get(n.dataId).values,[a,u,l]=Yi(i,n.shape,n.dtype,o);return r.makeTensorInfo(a,u,l)}function Se(e,t,r,s){return r==null?({inputs:n,backend:o})=>{const{a:i,b:a}=n,u=o;Xi([i,a],e);const l=u.data.get(i.dataId).values,h=u.data.get(a.dataId).values,c=i.dtype==="string"?I.fromUint8ToStringArray(l):l,d=i.dtype==="string"?I.fromUint8ToStringArray(h):h,p=s||i.dtype,[f,g]=t(i.shape,a.shape,c,d,p);return u.makeTensorInfo(g,p,f)}:({inputs:n,backend:o})=>{const{a:i,b:a}=n,u=o;if(i.dtype==="complex64"||a.dtype==="complex64"){const l=Vr({inputs:{x:i},backend:u,attrs:{dtype:"complex64"}}),h=u.data.get(l.dataId),c=h.complexTensorInfos.real,d=h.complexTensorInfos.imag,p=u.data.get(c.dataId).values,f=u.data.get(d.dataId).values,g=Vr({inputs:{x:a},backend:u,attrs:{dtype:"complex64"}}),m=u.data.get(g.dataId),w=m.complexTensorInfos.real,y=m.complexTensorInfos.imag,x=u.data.get(w.dataId).values,S=u.data.get(y.dataId).values,[C,R,E]=r(i.shape,a.shape,p,f,x,S),M=u.makeTensorInfo(E,"float32",C),z=u.makeTensorInfo(E,"float32",R),W=Xs({inputs:{real:M,imag:z},backend:u});return u.disposeIntermediateTensorInfo(l),u.disposeIntermediateTensorInfo(g),u.disposeIntermediateTensorInfo(M),u.disposeIntermediateTensorInfo(z),W}else{const l=u.data.get(i.dataId).values,h=u.data.get(a.dataId).values,c=s||i.dtype,[d,p]=t(i.shape,a.shape,l,h,c);return u.makeTensorInfo(p,c,d)}}}function Ys(e){return(t,r,s,n,o,i)=>{const a=I.assertAndGetBroadcastShape(t,r),u=b.sizeFromShape(a),l=a.length,h=b.computeStrides(a),c=b.getTypedArrayFromDType("float32",u),d=b.getTypedArrayFromDType("float32",u),p=I.getBroadcastDims(t,a),f=I.getBroadcastDims(r,a),g=I.mergeRealAndImagArrays(s,n),m=I.mergeRealAndImagArrays(o,i),w=t.length,y=b.computeStrides(t),x=r.length,S=b.computeStrides(r);if(p.length+f.length===0)for(let C=0;C<c.length;C++){const R=C%g.length,E=C%m.length,M=e(g[R*2],g[R*2+1],m[E*2],m[E*2+1]);c[C]=M.real,d[C]=M.imag}else for(let C=0;C<c.length;C++){const R=b.indexToLoc(C,l,h),E=R.slice(-w);p.forEach(k=>E[k]=0);const M=b.locToIndex(E,w,y),z=R.slice(-x);f.forEach(k=>z[k]=0);const W=b.locToIndex(z,x,S),$=e(g[M*2],g[M*2+1],m[W*2],m[W*2+1]);c[C]=$.real,d[C]=$.imag}return[c,d,a]}}var Zi=ve((e,t)=>e+t),iv=Ys((e,t,r,s)=>({real:e+r,imag:t+s})),BI=Se(Ir,Zi,iv);function av(e,t,r,s,n){const o=b.sizeFromShape(s),i=b.makeZerosTypedArray(n,r);for(let a=0;a<e.length;a++){const u=e[a];if(u<0)throw new Error("Input x must be non-negative!");u>=n||(o>0?i[u]+=t[a]:i[u]+=1)}return i}function uv(e,t,r,s=!1){const n=e.shape[0],o=e.shape[1],i=ue([n,r],t.dtype);for(let a=0;a<n;a++)for(let u=0;u<o;u++){const l=e.get(a,u);if(l<0)throw new Error("Input x must be non-negative!");l>=r||(s?i.set(1,a,l):t.size>0?i.set(i.get(a,l)+t.get(a,u),a,l):i.set(i.get(a,l)+1,a,l))}return i}var Ji=ve((e,t)=>e&t),_I=Se(Ol,Ji);function Be(e){return(t,r,s)=>{const n=b.getArrayFromDType(r,t.length);for(let o=0;o<t.length;++o)n[o]=e(t[o],s);return n}}function ea(e,t,r){const s=Be(t);return Xe(e,s,r)}function Xe(e,t,r){return({inputs:s,attrs:n,backend:o})=>{const{x:i}=s;Xi(i,e);const a=o,u=a.data.get(i.dataId).values;let l;if(i.dtype==="string"){if(!Array.isArray(u))throw new Error("String tensor's value was not an instance of Array");l=I.fromUint8ToStringArray(u)}else l=u;const h=r||i.dtype,c=t(l,h,n);return a.makeTensorInfo(i.shape,h,c)}}var ta=Be(e=>Math.ceil(e)),OI=Xe(Dn,ta);function lv(e,t,r,s){const n=b.getArrayFromDType(r,b.sizeFromShape(t));if(s&&r!=="string"){let o=0;e.forEach(i=>{const a=b.sizeFromShape(i.shape);n.set(i.vals,o),o+=a})}else{let o=0;e.forEach(i=>{const a=r==="string"?I.fromUint8ToStringArray(i.vals):i.vals;let u=0;for(let l=0;l<i.shape[0];++l){const h=l*t[1]+o;for(let c=0;c<i.shape[1];++c)n[h+c]=a[u++]}o+=i.shape[1]})}return n}var ra=ve((e,t)=>e===t?1:0),LI=Se(zn,ra,null,"bool"),sa=Be(e=>Math.exp(e)),WI=Xe(Bn,sa,"float32"),na=Be(e=>Math.expm1(e)),UI=Xe(_n,na),oa=Be(e=>Math.floor(e)),VI=Xe(Ln,oa),ia=ve((e,t)=>Math.floor(e/t)),GI=Se(us,ia,null,"int32");function cv(e,t,r,s,n,o,i,a,u){const l=ue([s,o],r);for(let h=0;h<s;h++){const c=[];let d=0;for(let p=0;p<n;p++){const f=e[h*n+p];d+=f*i[p],c.push(f)}if(d<0||d>=u/o)throw new Error(`Invalid indices: ${c} does not index into ${a}`);for(let p=0;p<o;p++)l.values[h*o+p]=t.get(...t.indexToLoc(d*o+p))}return l}function dv(e,t,r){const s=ue(r,e.dtype);for(let n=0;n<s.size;++n){const i=s.indexToLoc(n).slice(),a=i[0],u=i[2],l=t.locToIndex([a,u]);i[2]=t.values[l];const h=e.locToIndex(i);0<=h&&h<e.values.length&&(s.values[n]=e.values[h])}return s}var aa=ve((e,t)=>e>t?1:0),qI=Se(Wn,aa,null,"bool"),ua=ve((e,t)=>e>=t?1:0),HI=Se(Un,ua,null,"bool"),la=ve((e,t)=>e<t?1:0),KI=Se(Gn,la,null,"bool"),ca=ve((e,t)=>e<=t?1:0),jI=Se(qn,ca,null,"bool");function hv(e,t,r){const s=(t-e)/(r-1),n=b.makeZerosTypedArray(r,"float32");n[0]=e;for(let o=1;o<n.length;o++)n[o]=n[o-1]+s;return n}var da=Be(e=>Math.log(e)),XI=Xe(Hn,da);function pv(e,t,r,s){const n=b.getTypedArrayFromDType(s,b.sizeFromShape(r));for(let o=0;o<n.length;++o){const i=o*t;let a=e[i];for(let u=0;u<t;++u){const l=e[i+u];(Number.isNaN(l)||l>a)&&(a=l)}n[o]=a}return n}var ha=ve((e,t)=>Math.max(e,t)),QI=Se(cs,ha),pa=ve((e,t)=>Math.min(e,t)),YI=Se(Kn,pa),Zs=ve((e,t)=>e*t),fv=Ys((e,t,r,s)=>({real:e*r-t*s,imag:e*s+t*r})),ZI=Se(ds,Zs,fv);function mv(e,t,r){const s=b.createScalarValue(-1,r);return Zs([],t,s,e,r)}var fa=ve((e,t)=>e!==t?1:0),JI=Se(jn,fa,null,"bool");function gv(e,t,r,s,n){const o=t.length,i=b.sizeFromShape(t),a=b.computeStrides(t),u=b.computeStrides(n),l=b.getTypedArrayFromDType(r,b.sizeFromShape(n));for(let h=0;h<i;++h){const c=b.indexToLoc(h,o,a),d=new Array(c.length);for(let f=0;f<d.length;f++)d[f]=c[s[f]];const p=b.locToIndex(d,o,u);l[p]=e[h]}return l}function wv(e,t,r,s){const[n,o]=I.computeOutAndReduceShapes(e,s),i=Le(t,"int32"),a=b.makeZerosTypedArray(b.sizeFromShape(n),i),u=b.sizeFromShape(o);for(let l=0;l<a.length;++l){const h=l*u;let c=1;for(let d=0;d<u;++d)c*=r[h+d];a[l]=c}return{outVals:a,outShape:n,outDtype:i}}function vv(e,t,r){e.forEach((s,n)=>{if(s<0||s>=r){const o=b.indexToLoc(n,t.length,b.computeStrides(t)).join(",");throw new Error(`indices[${o}] = ${s} is not in [0, ${r})`)}})}function xv(e,t){for(let r=0;r<e.length;++r){const s=e[r],n=r===e.length-1?t:e[r+1].length;if(s.length===0)throw new Error("Ragged splits may not be empty");if(s[0]<0)throw new Error("Ragged splits must be non-negative");if(s[s.length-1]>n)throw new Error("Ragged splits must not point past values");for(let o=1;o<s.length;++o)if(s[o-1]>s[o])throw new Error("Ragged splits must be sorted in ascending order")}}function yv(e,t,r,s){const n=[];let o=0;const i=t.length-1+r.length,a=new Array(i).fill(null).map(()=>[0]);xv(r,s);let u=1;for(let l=0;l<t.length-1;++l){u*=t[l];const h=t[l+1];for(let c=1;c<u+1;++c)a[l].push(c*h)}for(let l=0;l<e.length;++l){let h=e[l],c=e[l]+1;for(let d=0;d<r.length;++d){const p=r[d],f=d+t.length-1;if(f>=0){const g=a[f],m=g[g.length-1]-p[h];for(let w=h;w<c;++w)a[f].push(p[w+1]+m)}h=p[h],c=p[c]}c!==h&&(n.push([h,c]),o+=c-h)}return{outSplits:a,valueSlices:n,numValues:o}}function bv(e){const t=[];for(let r=0;r<e.length;++r){const s=e[r].length,n=b.getArrayFromDType("int32",s);t.push(n),e[r].forEach((o,i)=>n[i]=o)}return t}function ma(e,t){const r=e.slice(0,t);for(;r.length<t;)r.push(1);for(let s=t;s<e.length;s++)r[t-1]*=e[s];return r}function Sv(e,t,r,s,n,o){const i=ma(t,2)[1],a=ma(o,2)[1];let u=0;for(const l of r)for(let h=l[0];h<l[1];++h){for(let c=0;c<s;++c)n[u*a+c]=e[h*i+c];++u}}function Cv(e,t,r,s,n){const o=t.slice();o[0]=n;const i=b.getArrayFromDType(r,b.sizeFromShape(o)),a=e.length,u=a===0?0:a/t[0];return Sv(e,t,s,u,i,o),[i,o]}function Iv(e,t,r,s,n,o,i,a){if(e.length===0)throw new Error("paramsNestedSplits must be non empty");if(t[0].length===0)throw new Error("Split tensors must not be scalars");const u=t[0][0]-1;if(vv(o,i,u),s.length===0)throw new Error("params.rank must be nonzero");const l=s[0],{outSplits:h,valueSlices:c,numValues:d}=yv(o,i,e,l),p=bv(h),f=Cv(r,s,n,c,d);return[p,f[0],f[1]]}var ga=2147483647;function kv(e,t,r,s,n,o,i){if(t.length>1)throw new Error("starts must be a scalar or vector");if(n.length>1)throw new Error("limits must be a scalar or vector");if(i.length>1)throw new Error("deltas must be a scalar or vector");const a=t.length===0,u=n.length===0,l=i.length===0,h=[];a||h.push(t[0]),u||h.push(n[0]),l||h.push(i[0]);for(let m=1;m<h.length;++m)if(h[m]!==h[m-1])throw new Error("starts, limits, and deltas must have the same shape");const c=h.length===0?1:h[0],d=b.getArrayFromDType("int32",c+1);d[0]=0;for(let m=0;m<c;++m){const w=a?e[0]:e[m],y=u?s[0]:s[m],x=l?o[0]:o[m];if(x===0)throw new Error("Requires delta != 0");let S;if(x>0&&y<w||x<0&&y>w)S=0;else if(S=Math.ceil(Math.abs((y-w)/x)),S>ga)throw new Error(`Requires ((limit - start) / delta) <= ${ga}`);d[m+1]=d[m]+S}const p=d[c],f=b.getArrayFromDType(r,p);let g=0;for(let m=0;m<c;++m){const w=d[m+1]-d[m];let y=a?e[0]:e[m];const x=l?o[0]:o[m];for(let S=0;S<w;++S)f[g++]=y,y+=x}return[d,f]}var Pe=I.RowPartitionType,$v=class fn{constructor(t,r,s,n,o,i,a,u,l,h){this.shape=t,this.shapeShape=r,this.values=s,this.valuesShape=n,this.valuesDType=o,this.defaultValue=i,this.defaultValueShape=a,this.rowPartitionValues=u,this.rowPartitionValuesShapes=l,this.rowPartitionTypes=I.getRowPartitionTypesHelper(h),this.raggedRank=I.getRaggedRank(this.rowPartitionTypes)}getRowPartitionTypeByDimension(t){return this.rowPartitionTypes[0]===Pe.FIRST_DIM_SIZE?this.rowPartitionTypes[t+1]:this.rowPartitionTypes[t]}getRowPartitionTensor(t){return this.rowPartitionTypes[0]===Pe.FIRST_DIM_SIZE?this.rowPartitionValues[t+1]:this.rowPartitionValues[t]}getMaxWidth(t){const r=this.getRowPartitionTensor(t-1);switch(this.getRowPartitionTypeByDimension(t-1)){case Pe.VALUE_ROWIDS:return fn.getMaxWidthValueRowID(r);case Pe.ROW_SPLITS:return fn.getMaxWidthRowSplit(r);default:throw new Error(`Cannot handle partition type ${Pe[this.getRowPartitionTypeByDimension(t-1)]}`)}}static getMaxWidthRowSplit(t){const r=t.length;if(r===0||r===1)return 0;let s=0;for(let n=0;n<r-1;++n){const o=t[n+1]-t[n];o>s&&(s=o)}return s}static getMaxWidthValueRowID(t){const r=t.length;if(r===0)return 0;let s=0,n=t[0],o=0;for(let i=1;i<r;++i){const a=t[i];a!==n&&(n=a,o=Math.max(i-s,o),s=i)}return Math.max(r-s,o)}tensorShapeFromTensor(t,r,s=!0){if(r.length===0){if(t[0]===-1)return[];throw new Error("The only valid scalar shape tensor is the fully unknown shape specified as -1.")}return va(t,s)}calculateOutputSize(t){const r=this.valuesShape,s=this.defaultValueShape;I.validateDefaultValueShape(s,r);const n=this.tensorShapeFromTensor(this.shape,this.shapeShape),i=I.combineRaggedTensorToTensorShapes(this.raggedRank,n,r);i[0]<0&&(i[0]=t);for(let a=1;a<=this.raggedRank;++a)i[a]<0&&(i[a]=this.getMaxWidth(a));return i}calculateFirstParentOutputIndex(t,r,s){const n=Math.min(t,s),o=[];let i=0;for(let a=0;a<n;++a,i+=r)o.push(i);for(let a=n;a<t;++a)o.push(-1);return b.assert(o.length===t,()=>"Final length of result must be equal to firstDimension."),o}calculateOutputIndexRowSplit(t,r,s,n){const o=t.length,i=[];for(let a=0;a<o-1;++a){const u=t[a+1]-t[a];let l=Math.min(n,u),h=r[a];h===-1&&(l=0);for(let c=0;c<l;++c)i.push(h),h+=s;for(let c=0;c<u-l;++c)i.push(-1)}if(o>0&&i.length!==t[o-1])throw new Error("Invalid row split size.");return i}calculateOutputIndexValueRowID(t,r,s,n){const o=t.length,i=[];if(o===0)return[];let a=0,u=t[0];if(u>=r.length)throw new Error(`Got currentValueRowId=${u}, which is not less than ${r.length}`);let l=r[u];i.push(l);for(let h=1;h<o;++h){const c=t[h];if(c===u)l>=0&&(++a,a<n?l+=s:l=-1);else{if(a=0,u=c,c>=r.length)throw new Error(`Got nextValueRowId=${c} which is not less than ${r.length}`);l=r[c]}i.push(l)}if(i.length!==t.length)throw new Error("Invalid row ids.");return i}calculateOutputIndex(t,r,s,n){const o=this.getRowPartitionTensor(t),i=this.getRowPartitionTypeByDimension(t);switch(i){case Pe.VALUE_ROWIDS:return this.calculateOutputIndexValueRowID(o,r,s,n);case Pe.ROW_SPLITS:if(o.length-1>r.length)throw new Error(`Row partition size is greater than output size: ${o.length-1} > ${r.length}`);return this.calculateOutputIndexRowSplit(o,r,s,n);default:throw new Error(`Unsupported partition type: ${Pe[i]}`)}}getFirstDimensionSize(){const t=this.rowPartitionValues[0];if(this.rowPartitionTypes.length===0)throw new Error("No row_partition_types given.");const r=this.rowPartitionTypes[0];switch(r){case Pe.FIRST_DIM_SIZE:return t[0];case Pe.VALUE_ROWIDS:throw new Error("Cannot handle VALUE_ROWIDS in first dimension.");case Pe.ROW_SPLITS:return this.rowPartitionValuesShapes[0][0]-1;default:throw new Error(`Cannot handle type ${Pe[r]}`)}}compute(){if(this.rowPartitionValues[0].length<=0)throw new Error("Invalid first partition input. Tensor requires at least one element.");const r=this.getFirstDimensionSize(),s=this.calculateOutputSize(r),n=new Array(this.raggedRank+1);n[n.length-1]=1;for(let u=n.length-2;u>=0;--u)n[u]=n[u+1]*s[u+1];const o=va(s,!1),i=b.getArrayFromDType(this.valuesDType,b.sizeFromShape(o));if(n[0]*s[0]>0){let u=this.calculateFirstParentOutputIndex(r,n[0],s[0]);for(let l=1;l<=this.raggedRank;++l)u=this.calculateOutputIndex(l-1,u,n[l],s[l]);this.setOutput(this.raggedRank,u,i,o)}return[o,i]}setOutput(t,r,s,n){if(s.length===0)return;const o=this.values,i=s;let a=n.slice();a=a.slice(t+1);const u=b.sizeFromShape(a),l=r.length;let h=this.defaultValue;if(h.length!==u&&h.length!==1){const f=this.defaultValueShape;ae(()=>{const g=Ns(h,f);h=ap(g,a).dataSync()})}let c=0,d=0,p=0;for(let f=0;f<=l;++f){let g=f<l?r[f]:-1;if(g===p){++p;continue}if(d<p){const m=o.subarray(c*u),w=i.subarray(d*u),y=(p-d)*u;wa(w,m,y)}if(f>=l){const m=s.length;g=Math.floor(m/u)}if(g>p)if(this.defaultValue.length===1)i.subarray(p*u,g*u).fill(this.defaultValue[0]),p=g;else for(;g>p;){const m=i.slice(p*u);wa(m,h,u),++p}g<0?(c=f+1,d=p):(c=f,d=p,p=d+1)}}};function wa(e,t,r){for(let s=0;s<r;s++)e[s]=t[s]}function va(e,t){const r=[];for(let s of e){if(s<0){if(!t)throw new Error(`Dimension ${s} must be >= 0`);if(s<-1)throw new Error(`Dimension ${s} must be >= -1`);s=-1}r.push(s)}return r}function Rv(e,t,r,s,n,o,i,a,u,l){return new $v(e,t,r,s,n,o,i,a,u,l).compute()}function Pv(e,t,r,s){const n=e===t,o=e<t&&r<0,i=t<e&&r>1;if(n||o||i)return b.makeZerosTypedArray(0,s);const a=Math.abs(Math.ceil((t-e)/r)),u=b.makeZerosTypedArray(a,s);t<e&&r===1&&(r=-1),u[0]=e;for(let l=1;l<u.length;l++)u[l]=u[l-1]+r;return u}var xa=Be(e=>1/Math.sqrt(e)),e3=Xe(eo,xa);function Av(e,t,r,s,n,o,i,a,u,l){const h=[s/n,n],c=e.values,d=t.values;if(s===0)return ue(r,t.dtype);const p=u instanceof Dr?u:ue(h,t.dtype);typeof u=="string"||typeof u=="number"?p.values.fill(u):typeof u=="boolean"&&p.values.fill(+u);for(let f=0;f<o;f++){const g=[];let m=0;for(let w=0;w<i;w++){const y=c[f*i+w];g.push(y),m+=y*a[w]}if(m<0||m>=s/n)throw new Error(`Invalid indices: ${g} does not index into ${r}`);for(let w=0;w<n;w++)l?p.values[m*n+w]+=d[f*n+w]:p.values[m*n+w]=t.rank===0?d[0]:d[f*n+w]}return p}var Ev=Be(e=>1/(1+Math.exp(-e))),t3=ea(hs,e=>1/(1+Math.exp(-e)));function Dv(e,t,r,s,n){const o=Ke.isSliceContinous(s,t,r),i=b.sizeFromShape(r),a=b.computeStrides(s);if(o){const c=Ke.computeFlatOffset(t,a);return n==="string"?e.slice(c,c+i):e.subarray(c,c+i)}const u=n==="string"?I.fromUint8ToStringArray(e):e,l=ue(s,n,u),h=ue(r,n);for(let c=0;c<h.size;++c){const d=h.indexToLoc(c),p=d.map((f,g)=>f+t[g]);h.set(l.get(...p),...d)}return n==="string"?I.fromStringArrayToUint8(h.values):h.values}function Nv(e,t,r,s,n,o,i){const a=t[0],u=o[0],l=new Array(u),h=new Array(a),c=t[1];if(u===0){if(a!==0)throw new Error(I.getSparseFillEmptyRowsIndicesDenseShapeMismatch(a));const m=b.getArrayFromDType(r,0),w=b.getArrayFromDType(n,0);return[m,[0,c],w,l,h]}let d=!0,p=0;const f=new Array(u).fill(0);for(let m=0;m<a;++m){const w=e[m*c];if(w<0)throw new Error(I.getSparseFillEmptyRowsNegativeIndexErrorMessage(m,w));if(w>=u)throw new Error(I.getSparseFillEmptyRowsOutOfRangeIndexErrorMessage(m,w,u));++f[w],d=d&&w>=p,p=w}let g=!0;for(let m=0;m<u;++m){const w=f[m]===0;l[m]=w,g=g&&!w,f[m]=Math.max(f[m],1),m>0&&(f[m]+=f[m-1])}if(g&&d){const m=e,w=s;for(let y=0;y<a;++y)h[y]=y;return[m,[a,c],w,l,h]}else{const m=f[u-1],w=b.getArrayFromDType(r,m*c),y=b.getArrayFromDType(n,m),x=new Array(u).fill(0);for(let S=0;S<a;++S){const C=e[S*c],R=x[C],E=(C===0?0:f[C-1])+R;x[C]++;for(let M=0;M<c;++M)w[E*c+M]=e[S*c+M];y[E]=s[S],h[S]=E}for(let S=0;S<u;++S)if(x[S]===0){const R=S===0?0:f[S-1];w[R*c+0]=S;for(let E=1;E<c;++E)w[R*c+E]=0;y[R]=i}return[w,[m,c],y,l,h]}}function Tv(e,t,r,s,n){const o=b.sizeFromShape(s),i=t[0],a=n.length,u=[];let l=1,h=-1;for(let m=0;m<a;++m){const w=n[m];if(w===-1){if(h!==-1)throw new Error(I.getSparseReshapeMultipleNegativeOneOutputDimErrorMessage(h,m));h=m,u.push(1)}else{if(w<0)throw new Error(I.getSparseReshapeNegativeOutputDimErrorMessage(m,w));l*=w,u.push(w)}}if(h!==-1){if(l<=0)throw new Error(I.getSparseReshapeEmptyTensorZeroOutputDimErrorMessage());const m=Math.trunc(o/l);if(l*m!==o)throw new Error(I.getSparseReshapeInputOutputMultipleErrorMessage(s,u));u[h]=m}if(b.sizeFromShape(u)!==o)throw new Error(I.getSparseReshapeInputOutputMismatchErrorMessage(s,u));const d=s.length,p=[];if(d>0){p[d-1]=1;for(let m=d-2;m>=0;--m)p[m]=p[m+1]*s[m+1]}const f=[];if(a>0){f[a-1]=1;for(let m=a-2;m>=0;--m)f[m]=f[m+1]*u[m+1]}const g=b.getArrayFromDType(r,i*a);for(let m=0;m<i;++m){let w=0;for(let y=0;y<d;++y)w+=e[m*d+y]*p[y];for(let y=0;y<a;++y)g[m*a+y]=Math.trunc(w/f[y]),w%=f[y]}return[g,[i,a],u]}function Fv(e,t,r,s,n,o=!1,i=0){const a=s.length,u=[t[0],e.length/t[0]],l=u[1],c=a>0?n[a-1]+1:0;if(c<0)throw new Error(I.getSparseSegmentReductionNegativeSegmentIdsErrorMessage());const d=t.slice();d[0]=c;const p=d.reduce((x,S)=>x*S,1),f=b.getArrayFromDType(r,p);if(a===0)return c>0&&f.fill(i),[f,d];if(c<=0)throw new Error(I.getSparseSegmentReductionNegativeSegmentIdsErrorMessage());let g=0,m=1,w=0,y=n[g];for(;;){let x=0;if(m<a){if(x=n[m],y===x){++m;continue}if(y>=x)throw new Error(I.getSparseSegmentReductionNonIncreasingSegmentIdsErrorMessage())}if(y<0||y>=c)throw new Error(I.getSparseSegmentReductionSegmentIdOutOfRangeErrorMessage(y,c));y>w&&f.fill(i,w*l,y*l);for(let S=g;S<m;++S){const C=s[S];if(C<0||C>=u[0])throw new Error(I.getSparseSegmentReductionIndicesOutOfRangeErrorMessage(S,s[S],u[0]));for(let R=0;R<l;R++)f[y*l+R]+=e[C*l+R]}if(o)for(let S=0;S<l;S++)f[y*l+S]/=m-g;if(g=m,++m,w=y+1,y=x,m>a)break}return w<c&&f.fill(i,w*l,c*l),[f,d]}var Mv=Be(e=>Math.sqrt(e)),r3=ea(ps,e=>Math.sqrt(e)),ya=ve((e,t)=>{const r=e-t;return r*r}),s3=Se(ro,ya),ba=Be((e,t)=>{const{pattern:r,replaceGlobal:s,rewrite:n}=t;return e.replace(new RegExp(r,s?"g":""),n)}),n3=Xe(Sd,ba);function zv(e,t,r,s){const n=ue(e,t.dtype);for(let o=0;o<n.size;o++){const i=n.indexToLoc(o),a=new Array(i.length);for(let u=0;u<a.length;u++)a[u]=i[u]*r[u]+s[u];n.set(t.get(...a),...i)}return n}var Bv=class{constructor(e,t,r,s,n,o){this.separator=b.encodeString(e),this.nGramWidths=t,this.leftPad=b.encodeString(r),this.rightPad=b.encodeString(s),this.padWidth=n,this.preserveShort=o}getPadWidth(e){return Math.min(this.padWidth<0?e-1:this.padWidth,e-1)}getNumNGrams(e,t){const r=this.getPadWidth(t);return Math.max(0,e+2*r-t+1)}createNGrams(e,t,r,s,n,o){for(let i=0;i<n;++i){const a=this.getPadWidth(o),u=Math.max(0,a-i),l=Math.max(0,a-(n-(i+1))),h=o-(u+l),c=t+(u>0?0:i-a);let d=0;d+=u*this.leftPad.length;for(let w=0;w<h;++w)d+=e[c+w].length;d+=l*this.rightPad.length;const p=u+l+h-1;d+=p*this.separator.length,r[s+i]=new Uint8Array(d);const f=r[s+i];let g=0;const m=w=>w.forEach(y=>f[g++]=y);for(let w=0;w<u;++w)m(this.leftPad),m(this.separator);for(let w=0;w<h-1;++w)m(e[c+w]),m(this.separator);if(h>0){m(e[c+h-1]);for(let w=0;w<l;++w)m(this.separator),m(this.rightPad)}else{for(let w=0;w<l-1;++w)m(this.rightPad),m(this.separator);m(this.rightPad)}}}compute(e,t){const r=e.length,s=t.length;if(s>0){let a=t[0];if(a!==0)throw new Error(`First split value must be 0, got ${a}`);for(let u=1;u<s;++u){let l=t[u]>=a;if(l=l&&t[u]<=r,!l)throw new Error(`Invalid split value ${t[u]}, must be in [${a}, ${r}]`);a=t[u]}if(a!==r)throw new Error(`Last split value must be data size. Expected ${r}, got ${a}`)}const n=s-1,o=b.getArrayFromDType("int32",s);if(r===0||s===0){const a=new Array(r);for(let u=0;u<=n;++u)o[u]=0;return[a,o]}o[0]=0;for(let a=1;a<=n;++a){const u=t[a]-t[a-1];let l=0;this.nGramWidths.forEach(h=>{l+=this.getNumNGrams(u,h)}),this.preserveShort&&u>0&&l===0&&(l=1),o[a]=o[a-1]+l}const i=new Array(o[n]);for(let a=0;a<n;++a){const u=t[a];let l=o[a];if(this.nGramWidths.forEach(h=>{const c=t[a+1]-t[a],d=this.getNumNGrams(c,h);this.createNGrams(e,u,i,l,d,h),l+=d}),this.preserveShort&&l===o[a]){const h=t[a+1]-t[a];if(h===0)continue;const c=h+2*this.padWidth;this.createNGrams(e,u,i,l,1,c)}}return[i,o]}};function _v(e,t,r,s,n,o,i,a){return new Bv(r,s,n,o,i,a).compute(e,t)}function Ov(e,t,r,s){if(!e.length)return;if(t.length===0){for(let o=0;o<e.length;++o)s.push(e.subarray(o,o+1));return}if(t.length===1){const o=t[0];let i=e.indexOf(o);for(;i!==-1;){const a=e.subarray(0,i);(!r||a.length!==0)&&s.push(a),e=e.subarray(i+1),i=e.indexOf(o)}(!r||e.length!==0)&&s.push(e);return}let n=0;for(let o=0;o<e.length+1;o++)if(o===e.length||t.indexOf(e[o])!==-1){const i=e.subarray(n,o);(!r||i.length!==0)&&s.push(i),n=o+1}}function Lv(e,t,r){const s=e.length,n=[];let o=0,i=0;const a=new Array(s);for(let d=0;d<s;++d){const p=n.length;Ov(e[d],t,r,n);const f=n.length-p;a[d]=f,o+=f,i=Math.max(i,f)}const u=b.getArrayFromDType("int32",o*2),l=new Array(o),h=[s,i];let c=0;for(let d=0;d<s;++d)for(let p=0;p<a[d];++p)u[c*2]=d,u[c*2+1]=p,l[c]=n[c],++c;return[u,l,h]}function Wv(e,t){const r=b.getArrayFromDType("int32",e.length);for(let s=0;s<e.length;++s)r[s]=b.fingerPrint64(e[s]).modulo(t).getLowBitsUnsigned();return r}var Sa=ve((e,t)=>e-t),Uv=Ys((e,t,r,s)=>({real:e-r,imag:t-s})),o3=Se(fs,Sa,Uv);function Vv(e,t){const r=new Array(e.rank);for(let n=0;n<r.length;n++)r[n]=e.shape[n]*t[n];const s=ue(r,e.dtype);for(let n=0;n<s.values.length;++n){const o=s.indexToLoc(n),i=new Array(e.rank);for(let u=0;u<i.length;u++)i[u]=o[u]%e.shape[u];const a=e.locToIndex(i);s.values[n]=e.values[a]}return s}var ir=(e,t)=>{const r=t.value-e.value;return r===0?e.index-t.index:r};function Ca(e,t,r=0,s=e.length-1){for(;s>r;){if(s-r>600){const a=s-r+1,u=t-r+1,l=Math.log(a),h=.5*Math.exp(2*l/3),c=.5*Math.sqrt(l*h*(a-h)/a)*Math.sign(u-a/2),d=Math.max(r,Math.floor(t-u*h/a+c)),p=Math.min(s,Math.floor(t+(a-u)*h/a+c));Ca(e,t,d,p)}const n=e[t];let o=r,i=s;for(b.swap(e,r,t),ir(e[s],n)>0&&b.swap(e,r,s);o<i;){for(b.swap(e,o,i),o++,i--;ir(e[o],n)<0;)o=o+1;for(;ir(e[i],n)>0;)i=i-1}ir(e[r],n)===0?b.swap(e,r,i):(i=i+1,b.swap(e,i,s)),i<=t&&(r=i+1),t<=i&&(s=i-1)}}function Gv(e,t,r,s,n){const o=t[t.length-1],[i,a]=[e.length/o,o],u=b.getTypedArrayFromDType(r,i*s),l=b.getTypedArrayFromDType("int32",i*s);for(let c=0;c<i;c++){const d=c*a,p=e.subarray(d,d+a);let f=new Array(p.length);p.forEach((y,x)=>f[x]={value:y,index:x}),s<f.length&&(Ca(f,s),f=f.slice(0,s)),n&&f.sort(ir);const g=c*s,m=u.subarray(g,g+s),w=l.subarray(g,g+s);for(let y=0;y<s;y++)m[y]=f[y].value,w[y]=f[y].index}const h=t.slice();return h[h.length-1]=s,[ue(h,r,u),ue(h,"int32",l)]}function qv(e,t,r,s){const n=b.parseAxisParam(t,r)[0],o=[1,r[0],1];for(let f=0;f<n;f++)o[0]*=r[f];o[1]=r[n];for(let f=n+1;f<r.length;f++)o[2]*=r[f];const i=new Map,a=new Int32Array(r[n]),u=new Dr(o,s,e),l=[],h=o[0]===1&&o[2]===1;for(let f=0;f<r[n];f++){let g;if(h)g=e[f].toString();else{const w=[];for(let y=0;y<o[0];y++)for(let x=0;x<o[2];x++)w.push(u.get(y,f,x));g=w.join(",")}const m=i.get(g);if(m!=null)a[f]=m;else{const w=i.size;i.set(g,w),a[f]=w,l.push(f)}}const c=o.slice();c[1]=i.size;const d=new Dr(c,s);l.forEach((f,g)=>{for(let m=0;m<o[0];m++)for(let w=0;w<o[2];w++)d.set(u.get(m,f,w),m,g,w)});const p=r.slice();return p[n]=c[1],{outputValues:d.values,outputShape:p,indices:a}}var{addImpl:Hv,castImpl:Kv,ceilImpl:jv,concatImpl:Xv,equalImpl:Qv,expImpl:Yv,expm1Impl:Zv,floorImpl:Jv,floorDivImpl:ex,gatherNdImpl:tx,gatherV2Impl:rx,greaterEqualImpl:sx,greaterImpl:nx,lessEqualImpl:ox,lessImpl:ix,logImpl:ax,maxImpl:ux,maximumImpl:lx,minimumImpl:cx,multiplyImpl:dx,negImpl:hx,notEqualImpl:px,prodImpl:fx,rangeImpl:mx,rsqrtImpl:gx,scatterImpl:wx,simpleAbsImpl:vx,sliceImpl:xx,stridedSliceImpl:yx,stringNGramsImpl:bx,subImpl:Sx,tileImpl:Cx,topKImpl:Ix,transposeImpl:kx,uniqueImpl:i3}=ji,$x=H({opType:P.ABS,cpuKernelImpl:vx}),Rx={kernelName:En,backendName:"webgpu",kernelFunc:$x},Px=H({opType:P.ACOS}),Ax={kernelName:yl,backendName:"webgpu",kernelFunc:Px},Ex=H({opType:P.ACOSH}),Dx={kernelName:bl,backendName:"webgpu",kernelFunc:Ex},Nx=de({opType:U.ADD,cpuKernelImpl:Hv,supportsComplex:!0}),Tx={kernelName:Ir,backendName:"webgpu",kernelFunc:Nx},Fx=class{constructor(e){this.workPerThread=1,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e[0],this.variableNames=e.map((t,r)=>`T${r}`),this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,[this.workPerThread,1,1]),this.shaderKey="addN"}getUserCode(){const e=[];this.variableNames.forEach(s=>{e.push(`let v${s} = get${s}ByOutputCoords(coords);`)});const t=this.variableNames.map(s=>`v${s}`).join(" + ");return`
      ${D("index")} {
        for (var i = 0; i < ${this.workPerThread}; i = i + 1) {
          let flatIndex = index * ${this.workPerThread} + i;
          if (flatIndex < uniforms.size) {
            let coords = getCoordsFromIndex(flatIndex);
            ${e.join(`
        `)}
            setOutputAtIndex(flatIndex, ${t});
          }
        }
      }
    `}};function Mx(e){const{inputs:t,backend:r}=e,s=t;if(s.length===1)return be({inputs:{x:s[0]},backend:r});const n=s.map(a=>a.dtype).reduce((a,u)=>Le(a,u)),o=s.map(a=>a.shape),i=new Fx(o);return r.runWebGPUProgram(i,s,n)}var zx={kernelName:Sl,backendName:"webgpu",kernelFunc:Mx},Bx=class{constructor(e,t){this.variableNames=["A"],this.workgroupSize=[16,16,1];const r=new Array(e.length);for(let s=0;s<r.length;s++)r[s]=e[t[s]];this.outputShape=r,this.dispatchLayout={x:[0],y:[1]},this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,[1,1,1]),this.shaderKey="transposeShared"}getUserCode(){b.assert(this.workgroupSize[0]===this.workgroupSize[1],()=>`Must be a square tile, current tile shape is ${this.workgroupSize[0]} x ${this.workgroupSize[1]}`);const e=this.workgroupSize[0];return`
      var<workgroup> tile : array<array<f32, ${this.workgroupSize[0]+1}>, ${this.workgroupSize[0]}>;
      ${D()} {
        var x = i32(workgroupId.x) * ${e} + i32(localId.x);
        var y = i32(workgroupId.y) * ${e} + i32(localId.y);
        let width = uniforms.outShape[0];
        let height = uniforms.outShape[1];
        if (x < width && y < height) {
          tile[localId.y][localId.x] = f32(A[y * width + x]);
        }
        workgroupBarrier();

        x = i32(workgroupId.y) * ${e} + i32(localId.x);
        y = i32(workgroupId.x) * ${e} + i32(localId.y);
        if (x < height && y < width) {
          setOutputAtIndex((y * height + x), tile[localId.x]
            [localId.y]);
        }
      }
    `}},_x=class{constructor(e,t){this.variableNames=["A"],this.workPerThread=1,this.workgroupSize=[64,1,1],this.size=!0;const r=new Array(e.length);for(let s=0;s<r.length;s++)r[s]=e[t[s]];this.outputShape=r,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,[this.workPerThread,1,1]),this.newDim=t,this.shaderKey=`transpose_${t}`}getUserCode(){const e=re(this.outputShape.length),t=Ia(this.newDim);return`
      ${D("index")} {
        for(var i = 0; i < ${this.workPerThread}; i = i + 1) {
          let flatIndex = index * ${this.workPerThread} + i;
          if(flatIndex < uniforms.size) {
            let coords = getCoordsFromIndex(flatIndex);
            setOutputAtIndex(flatIndex, A[getIndexFromCoords${this.outputShape.length}D(
              ${e}(${t}), uniforms.aShape)]);
          }
        }
      }
    `}};function Ia(e){const t=e.length;if(t>6)throw Error(`Transpose for rank ${t} is not yet supported`);const r=new Array(t);for(let s=0;s<e.length;s++)r[e[s]]=`coords.${Ue(s)}`;return r.join()}function _e(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{perm:o}=s,i=r,a=n.shape.length,u=new Array(a);for(let h=0;h<u.length;h++)u[h]=n.shape[o[h]];if(r.shouldExecuteOnCPU([n])){const c=i.tensorMap.get(n.dataId).values,d=kx(c,n.shape,n.dtype,o,u);return r.makeTensorInfo(u,n.dtype,d)}if(n.shape.length===2&&b.arraysEqual(o,[1,0])){const h=new Bx(n.shape,o);return i.runWebGPUProgram(h,[n],n.dtype)}const l=new _x(n.shape,o);return i.runWebGPUProgram(l,[n],n.dtype)}var Ox={kernelName:Ad,backendName:"webgpu",kernelFunc:_e},Lx=class{constructor(e,t,r){this.variableNames=["x"],this.uniforms="reduceSize : i32,",this.size=!0,this.inputShape=[e.batchSize,e.inSize];const[s]=I.computeOutAndReduceShapes(this.inputShape,[1]);this.outputShape=s.length===0?[1]:s,e.inSize>=32768&&r>=512?this.workgroupSize=[512,1,1]:e.inSize>=4096?this.workgroupSize=[256,1,1]:this.workgroupSize=[64,1,1],this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,[1,1,1]),this.reduceType=t,this.shaderKey=`reduce_${t}`}getUserCode(){let e="",t="0.0";const r=this.workgroupSize[0];this.reduceType==="min"||this.reduceType==="max"?(e=`
         if (isnan(candidate)) {
          bestValue = uniforms.NAN;
         } else if (!isnan(bestValue) && candidate ${this.reduceType==="min"?"<":">"} bestValue)
           {  bestValue = candidate; }`,t="f32(x[offset])"):this.reduceType==="sum"||this.reduceType==="mean"?e=" bestValue = bestValue + candidate; ":this.reduceType==="prod"?(e=" bestValue = bestValue * candidate; ",t="1.0"):this.reduceType==="all"?(e=" bestValue = f32(bestValue >= 1.0 && candidate >= 1.0); ",t="1.0"):this.reduceType==="any"&&(e=" bestValue = f32(bestValue >= 1.0 || candidate >= 1.0); ",t="0.0");const s=this.reduceType==="mean"?"setOutputAtIndex(outputIndex, bestValue / f32(uniforms.reduceSize));":"setOutputAtIndex(outputIndex, bestValue);";return`
       fn DIV_CEIL(a : u32, b : u32) -> u32 {
        return ((a - 1u) / b + 1u);
       }

       ${`
         var<workgroup> xBestValues : array<f32, ${r}>;
       `}
       fn getOffset(outputIndex : i32) -> i32 {
         let outputCoords = getCoordsFromIndex(outputIndex);
         let offset = ${this.outputShape.length===1?"outputCoords":"outputCoords[0]"} * uniforms.reduceSize;
          return offset;
       }
       ${D("index")} {
         let outputIndex = index / ${r};
         let offset = getOffset(outputIndex);
         var bestValue = ${t};
         let Length = uniforms.reduceSize;
         let WorkPerThread = DIV_CEIL(u32(Length), ${r}u);
         for (var k = i32(localId.x); k < Length && outputIndex < uniforms.size;
             k = k + ${r}) {
           let candidate = f32(x[offset + k]);
           ${e}
         }
         xBestValues[localId.x] = bestValue;
         workgroupBarrier();

         var reduceSize = min(u32(Length), ${r}u);
         for (var currentSize = reduceSize / 2u; reduceSize > 1u;
             currentSize = reduceSize / 2u) {
           let interval = DIV_CEIL(reduceSize, 2u);
           if (localId.x < currentSize) {
            let candidate = xBestValues[localId.x + interval];
            ${e}
            xBestValues[localId.x] = bestValue;
           }
           reduceSize = interval;
           workgroupBarrier();
         }

         if (localId.x == 0u && outputIndex < uniforms.size) {
          ${s}
        }
       }
     `}},Wx={mean:"float32",all:"bool",any:"bool"};function vt(e,t,r,s,n){const o=e.shape.length,i=[],a=b.parseAxisParam(t,e.shape);let u=a;const l=I.getAxesPermutation(u,o);let h=e;l!=null&&(h=_e({inputs:{x:e},attrs:{perm:l},backend:n}),u=I.getInnerMostAxes(u.length,o),i.push(h)),I.assertAxesAreInnerMostDims(s,u,o);const[c,d]=I.computeOutAndReduceShapes(h.shape,u);let p=c;r&&(p=I.expandShapeToKeepDim(c,a));let f;if((s==="max"||s==="prod")&&n.shouldExecuteOnCPU([h])){const g=n.tensorMap.get(h.dataId).values;switch(s){case"max":const m=ux(g,b.sizeFromShape(d),p,e.dtype);f=n.makeTensorInfo(p,e.dtype,m);break;case"prod":const{outVals:w,outShape:y,outDtype:x}=fx(h.shape,h.dtype,g,u);f=n.makeTensorInfo(y,x,w);break;default:throw new Error(`${s} CPU implementation is not yet supported.`)}}else{const g=b.sizeFromShape(d),w=b.sizeFromShape(h.shape)/g,y={windowSize:g,inSize:g,batchSize:w,outSize:1},x=Wx[s]||oh(e.dtype),S=[{type:"int32",data:[g]}],C=new Lx(y,s,n.device.limits.maxComputeWorkgroupSizeX),R=n.runWebGPUProgram(C,[h],x,S);i.push(R),f=B({inputs:{x:R},attrs:{shape:p},backend:n})}return i.forEach(g=>n.disposeData(g.dataId)),f}function Ux(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{keepDims:o,axis:i}=s;return vt(n,i,o,"all",r)}var Vx={kernelName:Cl,backendName:"webgpu",kernelFunc:Ux};function Gx(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{keepDims:o,axis:i}=s;return vt(n,i,o,"any",r)}var qx={kernelName:Il,backendName:"webgpu",kernelFunc:Gx},ka=class{constructor(e,t,r){this.workgroupSize=[64,1,1],this.variableNames=["x"],this.uniforms="infinityValue : f32,",this.size=!0;const s=[t];this.op=r==="min"?"<":">";const[n,o]=I.computeOutAndReduceShapes(e,s);this.outputShape=n.length===0?[1]:n,this.dispatchLayout=T(this.outputShape),b.sizeFromShape(o)<32?(this.type="plain",this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize)):(this.type="shared",this.dispatch=N(this.dispatchLayout,this.outputShape,[1,1,1])),this.inputShape=e,this.shaderKey=`argMinMax_${this.op}_${this.type}`}getUserCode(){const e=this.workgroupSize[0],t=()=>this.inputShape.length===1?"uniforms.xShape":`uniforms.xShape.${Ue(this.inputShape.length-1)}`,r=()=>{let s="";if(this.outputShape.length===1)this.inputShape.length!==1&&(s+="outputCoords,");else for(let n=0;n<this.outputShape.length;n++)s+=`outputCoords.${Ue(n)},`;return s};return this.type==="shared"?`
      fn DIV_CEIL(a : u32, b : u32) -> u32 {
        return ((a - 1u) / b + 1u);
      }

      ${`
      var<workgroup> xBestIndices : array<i32, ${e}>;
      var<workgroup> xBestValues : array<f32, ${e}>;
    `}

      ${D("index")} {
        let outputIndex = index / ${e};
        let reduceLength = ${t()};

        var bestIndex = i32(localId.x);
        var bestValue = uniforms.infinityValue;
        let outputCoords = getCoordsFromIndex(outputIndex);
        for (var k = i32(localId.x); k < reduceLength && outputIndex < uniforms.size;
            k = k + ${e}) {
          let candidate = getX(${r()} k);
          if (!isnan(candidate) && candidate ${this.op} bestValue) {
            bestValue = candidate;
            bestIndex = k;
          }
        }
        xBestValues[localId.x] = bestValue;
        xBestIndices[localId.x] = bestIndex;
        workgroupBarrier();

        var reduceSize = min(u32(reduceLength), ${e}u);
        for (var currentSize = reduceSize / 2u; reduceSize > 1u;
            currentSize = reduceSize / 2u) {
          let interval = DIV_CEIL(reduceSize, 2u);
          if (localId.x < currentSize) {
            let candidate = xBestValues[localId.x + interval];
            if (candidate ${this.op} bestValue) {
              bestValue = candidate;
              xBestValues[localId.x] = bestValue;
              xBestIndices[localId.x] = xBestIndices[localId.x + interval];
            }
          }
          reduceSize = interval;
          workgroupBarrier();
        }

        if (localId.x == 0u && outputIndex < uniforms.size) {
          setOutputAtIndexI32(outputIndex, xBestIndices[localId.x]);
        }
      }
    `:`
      ${D("index")} {
        if (index < uniforms.size) {
          let outputCoords = getCoordsFromIndex(index);
          var bestIndex = 0;
          var bestValue = getX(${r()} 0);
          let reduceLength = ${t()};
          for (var i = 1; i < reduceLength; i++) {
            let candidate = getX(${r()} i);
            if (candidate ${this.op} bestValue) {
              bestValue = candidate;
              bestIndex = i;
            }
          }
          setOutputAtIndexI32(index, bestIndex);
        }
      }
      `}};function Hx(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{axis:o}=s;let i=b.parseAxisParam(o,n.shape);const a=I.getAxesPermutation(i,n.shape.length);let u=n;const l=[];a!=null&&(u=_e({inputs:{x:n},backend:r,attrs:{perm:a}}),l.push(u),i=I.getInnerMostAxes(i.length,u.shape.length)),I.assertAxesAreInnerMostDims("argMax",[i[0]],u.shape.length);const h=new ka(u.shape,i[0],"max"),c=[{type:"float32",data:[Number.NEGATIVE_INFINITY]}],d=r.runWebGPUProgram(h,[u],"int32",c);return l.forEach(p=>r.disposeData(p.dataId)),d}var Kx={kernelName:kl,backendName:"webgpu",kernelFunc:Hx};function jx(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{axis:o}=s;let i=b.parseAxisParam(o,n.shape);const a=I.getAxesPermutation(i,n.shape.length);let u=n;const l=[];a!=null&&(u=_e({inputs:{x:n},backend:r,attrs:{perm:a}}),l.push(u),i=I.getInnerMostAxes(i.length,u.shape.length)),I.assertAxesAreInnerMostDims("argMin",[i[0]],u.shape.length);const h=new ka(u.shape,i[0],"min"),c=[{type:"float32",data:[Number.POSITIVE_INFINITY]}],d=r.runWebGPUProgram(h,[u],"int32",c);return l.forEach(p=>r.disposeData(p.dataId)),d}var Xx={kernelName:$l,backendName:"webgpu",kernelFunc:jx},Qx=H({opType:P.ASIN}),Yx={kernelName:Rl,backendName:"webgpu",kernelFunc:Qx},Zx=H({opType:P.ASINH}),Jx={kernelName:Pl,backendName:"webgpu",kernelFunc:Zx},ey=H({opType:P.ATAN}),ty={kernelName:Al,backendName:"webgpu",kernelFunc:ey},ry=de({opType:U.ATAN2}),sy={kernelName:Dl,backendName:"webgpu",kernelFunc:ry},ny=H({opType:P.ATANH}),oy={kernelName:El,backendName:"webgpu",kernelFunc:ny},iy=class{constructor(e){this.variableNames=["x"],this.uniforms="strides : vec2<i32>,",this.workgroupSize=[256,1,1],this.size=!0,this.outputShape=e.outShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="poolWithFilterSizeEqualsOne"}getUserCode(){return`
      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          let batch = coords[0];
          let d = coords[3];

          let xRCCorner = coords.yz * uniforms.strides;
          let xRCorner = xRCCorner.x;
          let xCCorner = xRCCorner.y;

          let value = getX(batch, xRCorner, xCCorner, d);
          setOutputAtIndex(index, value);
        }
      }
    `}},ar=class{constructor(e,t,r=!1,s=!1,n=!1){if(this.variableNames=["x"],this.uniforms="strides : vec2<i32>, pads : vec2<i32>, dilations : vec2<i32>, convDims : vec2<i32>, filterDims : vec2<i32>,",this.workgroupSize=[128,1,1],this.size=!0,t==="avg"&&r)throw new Error("Cannot compute positions for average pool.");this.outputShape=e.outShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.poolType=t,this.computePositions=r,this.flattenPositions=s,this.includeBatchIndex=n,this.shaderKey=`pool2D_${t}_${r}_${s}_${n}`}getUserCode(){let e;this.poolType==="avg"?e="resultValue = resultValue + value; count = count + 1.0;":this.computePositions?e=`let currMaxValue = mix(value, maxValue, maxValueFound);
      if (value >= currMaxValue) {
        maxValue = value;
        maxValueFound = 1.0;
        maxPosition = ${this.flattenPositions?this.includeBatchIndex?"((batch * uniforms.xShape[1] + xR) * uniforms.xShape[2] + xC) * uniforms.xShape[3] + d":"(xR * uniforms.xShape[2] + xC) * uniforms.xShape[3] + d":"wR * uniforms.filterDims.y + wC"};
      }`:e="resultValue = max(value, resultValue);";let t="resultValue";return this.poolType==="avg"&&(t="resultValue / max(count, 1.0)"),`
      ${D("index")} {
      if (index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
          let batch = coords[0];
          let d = coords[3];
          let xRCCorner = vec2<i32>(coords.yz) * uniforms.strides - uniforms.pads;
          let xRCorner = xRCCorner.x;
          let xCCorner = xRCCorner.y;

          ${this.computePositions?`var maxValue = 0.0;
            var maxValueFound = 0.0;
            var maxPosition = 0;`:`var resultValue = ${this.poolType==="avg"?"0.0":"-1.0 / pow(10.0, -20.0)"};`}

          var count = 0.0;
          for (var wR = 0; wR < uniforms.filterDims.x; wR = wR + uniforms.dilations.x) {
            let xR = xRCorner + wR;

            if (xR < 0 || xR >= uniforms.convDims.x) {
              continue;
            }

            for (var wC = 0; wC < uniforms.filterDims.y; wC = wC + uniforms.dilations.y) {
              let xC = xCCorner + wC;
              if (xC < 0 || xC >= uniforms.convDims.y) {
                continue;
              }

              let value = getX(batch, xR, xC, d);
              ${e}
            }
          }

          ${this.computePositions?"setOutputAtIndexI32(index, maxPosition);":`setOutputAtIndex(index, ${t});`}
        }
      }
    `}},Js=class{constructor(e,t,r=!1,s=!1,n=!1){if(this.variableNames=["x"],this.uniforms="strides : vec3<i32>, pads : vec3<i32>, convDims : vec3<i32>, filterDims : vec3<i32>,",this.workgroupSize=[128,1,1],this.size=!0,t==="avg"&&r)throw new Error("Cannot compute positions for average pool.");this.outputShape=e.outShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.poolType=t,this.computePositions=r,this.flattenPositions=s,this.includeBatchIndex=n,this.shaderKey=`pool3D_${t}_${r}_${s}_${n}`}getUserCode(){let e;this.poolType==="avg"?e="resultValue += value; count += 1.0;":this.computePositions?e=`let currMaxValue = mix(value, maxValue, maxValueFound);
      if (value >= currMaxValue) {
        maxValue = value;
        maxValueFound = 1.0;
        maxPosition = ${this.flattenPositions?this.includeBatchIndex?"(((batch * uniforms.xShape.y + xD) * uniforms.xShape.z + xR) * uniforms.xShape.w + xC) * uniforms.xShape.u + ch":"((xD * uniforms.xShape.z + xR) * uniforms.xShape.w + xC) * uniforms.xShape.u + ch":"wD * uniforms.filterDims.y * uniforms.filterDims.y + wR * uniforms.filterDims.z + wC"};
      }`:e="resultValue = max(value, resultValue);";let t="resultValue";return this.poolType==="avg"&&(t="resultValue / max(count, 1.0)"),`
      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          let batch = coords.x;
          let ch = coords.u;

          let xCorner = vec3<i32>(coords.y, coords.z, coords.w) * uniforms.strides - uniforms.pads;
          let xDCorner = xCorner.x;
          let xRCorner = xCorner.y;
          let xCCorner = xCorner.z;

          ${this.computePositions?`var maxValue = 0.0;
            var maxValueFound = 0.0;
            var maxPosition = 0;`:`var resultValue = ${this.poolType==="avg"?"0.0":"-1.0 / pow(10.0, -20.0)"};`}

          var count = 0.0;
          for (var wD = 0; wD < uniforms.filterDims.x; wD++) {
            let xD = xDCorner + wD;
            if (xD < 0 || xD >= uniforms.convDims.x) {
              continue;
            }

            for (var wR = 0; wR < uniforms.filterDims.y; wR++) {
              let xR = xRCorner + wR;
              if (xR < 0 || xR >= uniforms.convDims.y) {
                continue;
              }

              for (var wC = 0; wC < uniforms.filterDims.z; wC++) {
                let xC = xCCorner + wC;
                if (xC < 0 || xC >= uniforms.convDims.z) {
                  continue;
                }

                let value = getX(batch, xD, xR, xC, ch);
                ${e}
              }
            }
          }

          ${this.computePositions?"setOutputAtIndexI32(index, maxPosition);":`setOutputAtIndex(index, ${t});`}
        }
      }
    `}};function $a(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{reductionIndices:o,keepDims:i}=s;return vt(n,o,i,"max",r)}var ay={kernelName:Dc,backendName:"webgpu",kernelFunc:$a};function Ra(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{keepDims:o,axis:i}=s;return vt(n,i,o,"mean",r)}var uy={kernelName:Bc,backendName:"webgpu",kernelFunc:Ra};function Pa(e,t,r,s){if(t.filterWidth===1&&t.filterHeight===1&&b.arraysEqual(t.inShape,t.outShape))return be({inputs:{x:e},backend:s});if(t.filterWidth===t.inWidth&&t.filterHeight===t.inHeight&&t.batchSize===1&&t.padInfo.type==="VALID"){const i=e.shape.length,a=B({inputs:{x:e},backend:s,attrs:{shape:[e.shape[i-3]*e.shape[i-2],e.shape[i-1]]}});let u;r==="avg"?u=Ra({inputs:{x:a},backend:s,attrs:{axis:0,keepDims:!1}}):(b.assert(r==="max",()=>`Invalid pool type ${r}`),u=$a({inputs:{x:a},backend:s,attrs:{reductionIndices:0,keepDims:!1}}));const l=B({inputs:{x:u},backend:s,attrs:{shape:t.outShape}});return s.disposeData(a.dataId),s.disposeData(u.dataId),l}let n;const o=[{type:"int32",data:[t.strideHeight,t.strideWidth]}];return t.filterHeight===1&&t.filterWidth===1?n=new iy(t):(r==="avg"?n=new ar(t,"avg"):(b.assert(r==="max",()=>`Invalid pool type ${r}`),n=new ar(t,"max")),o.push({type:"int32",data:[t.padInfo.top,t.padInfo.left]},{type:"int32",data:[t.dilationHeight,t.dilationWidth]},{type:"int32",data:[t.inHeight,t.inWidth]},{type:"int32",data:[t.effectiveFilterHeight,t.effectiveFilterWidth]})),s.runWebGPUProgram(n,[e],e.dtype,o)}function ly(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{filterSize:o,strides:i,pad:a,dimRoundingMode:u}=s,h=I.computePool2DInfo(n.shape,o,i,1,a,u);return Pa(n,h,"avg",r)}var cy={kernelName:Nl,backendName:"webgpu",kernelFunc:ly};function dy(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{filterSize:o,strides:i,pad:a,dataFormat:u,dimRoundingMode:l}=s,h=[1,1,1],c=I.computePool3DInfo(n.shape,o,i,h,a,l,u),d=new Js(c,"avg"),p=[{type:"int32",data:[c.strideDepth,c.strideHeight,c.strideWidth]},{type:"int32",data:[c.padInfo.front,c.padInfo.top,c.padInfo.left]},{type:"int32",data:[c.inDepth,c.inHeight,c.inWidth]},{type:"int32",data:[c.effectiveFilterDepth,c.effectiveFilterHeight,c.effectiveFilterWidth]}];return r.runWebGPUProgram(d,[n],n.dtype,p)}var hy={kernelName:Fl,backendName:"webgpu",kernelFunc:dy},py=class{constructor(e){this.variableNames=["dy"],this.uniforms=`strides : vec2<i32>, pads : vec2<i32>, dilations : vec2<i32>, filterDims : vec2<i32>,
       outHeight : i32, outWidth : i32, avgMultiplier : f32,`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.inShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="avgPool2DBackprop"}getUserCode(){return`
      ${D("index")} {
      if (index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let batch = coords[0];
        let d = coords[3];

        let dyRCCorner = vec2<i32>(coords.yz) - uniforms.pads;
        let dyRCorner = dyRCCorner.x;
        let dyCCorner = dyRCCorner.y;

        // Convolve dy(?, ?, d) with pos mask(:, :, d) to get dx(xR, xC, d).
        // ? = to be determined. : = across all values in that axis.
        var dotProd = 0.0;
        for (var wR = 0; wR < uniforms.filterDims[0]; wR = wR + uniforms.dilations[0]) {
          let dyR = f32(dyRCorner + wR) / f32(uniforms.strides[0]);

          if (dyR < 0.0 || dyR >= f32(uniforms.outHeight) || fract(dyR) > 0.0) {
            continue;
          }
          let idyR = i32(dyR);

          for (var wC = 0; wC < uniforms.filterDims[1]; wC = wC + uniforms.dilations[1]) {
            let dyC = f32(dyCCorner + wC) / f32(uniforms.strides[1]);

            if (dyC < 0.0 || dyC >= f32(uniforms.outWidth) || fract(dyC) > 0.0) {
              continue;
            }
            let idyC = i32(dyC);

            let dyValue = getDy(batch, idyR, idyC, d);

            dotProd = dotProd + dyValue * uniforms.avgMultiplier;
          }
        }
        setOutputAtIndex(index, dotProd);
      }
    }
    `}},fy=class{constructor(e){this.variableNames=["dy"],this.uniforms=`strides : vec3<i32>, pads : vec3<i32>, filterDims : vec3<i32>,
       outDepth : i32, outHeight : i32, outWidth : i32, avgMultiplier : f32,`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.inShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="avgPool3DBackprop"}getUserCode(){return`
      ${D("index")} {
      if (index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let batch = coords.x;
        let ch = coords.u;

        let dyCorner = vec3<i32>(coords.y, coords.z, coords.w) - uniforms.pads;
        let dyDCorner = dyCorner.x;
        let dyRCorner = dyCorner.y;
        let dyCCorner = dyCorner.z;

        // Convolve dy(?, ?, ?, d) with pos mask(:, :, :, ch) to get
        // dx(xD, xR, xC, ch).
        // ? = to be determined. : = across all values in that axis.
        var dotProd = 0.0;
        for (var wD = 0; wD < uniforms.filterDims[0]; wD++) {
          let dyD = f32(dyDCorner + wD) / f32(uniforms.strides[0]);

          if (dyD < 0.0 || dyD >= f32(uniforms.outDepth) || fract(dyD) > 0.0) {
            continue;
          }
          let idyD = i32(dyD);

          for (var wR = 0; wR < uniforms.filterDims[1]; wR++) {
            let dyR = f32(dyRCorner + wR) / f32(uniforms.strides[1]);

            if (dyR < 0.0 || dyR >= f32(uniforms.outHeight) || fract(dyR) > 0.0) {
              continue;
            }
            let idyR = i32(dyR);

            for (var wC = 0; wC < uniforms.filterDims[2]; wC++) {
              let dyC = f32(dyCCorner + wC) / f32(uniforms.strides[2]);

              if (dyC < 0.0 || dyC >= f32(uniforms.outWidth) || fract(dyC) > 0.0) {
                continue;
              }
              let idyC = i32(dyC);

              let dyValue = getDy(batch, idyD, idyR, idyC, ch);
              dotProd += dyValue * uniforms.avgMultiplier;
            }
          }
        }
        setOutputAtIndex(index, dotProd);
      }
    }
    `}};function my(e){const{inputs:t,backend:r,attrs:s}=e,{dy:n,input:o}=t,i=o,{filterSize:a,strides:u,pad:l,dimRoundingMode:h}=s,c=I.computePool3DInfo(i.shape,a,u,1,l,h),d=new fy(c),p=1/(c.filterDepth*c.filterHeight*c.filterWidth),f=[{type:"int32",data:[c.strideDepth,c.strideHeight,c.strideWidth]},{type:"int32",data:[c.effectiveFilterDepth-1-c.padInfo.front,c.effectiveFilterHeight-1-c.padInfo.top,c.effectiveFilterWidth-1-c.padInfo.left]},{type:"int32",data:[c.effectiveFilterDepth,c.effectiveFilterHeight,c.effectiveFilterWidth]},{type:"int32",data:[c.outDepth]},{type:"int32",data:[c.outHeight]},{type:"int32",data:[c.outWidth]},{type:"float32",data:[p]}];return r.runWebGPUProgram(d,[n],i.dtype,f)}var gy={kernelName:Ml,backendName:"webgpu",kernelFunc:my};function wy(e){const{inputs:t,backend:r,attrs:s}=e,{dy:n,input:o}=t,i=o;Gi([n,o],"avgPoolGrad");const{filterSize:a,strides:u,pad:l}=s,h=I.computePool2DInfo(i.shape,a,u,1,l),c=new py(h),d=1/(h.filterHeight*h.filterWidth),p=[{type:"int32",data:[h.strideHeight,h.strideWidth]},{type:"int32",data:[h.effectiveFilterHeight-1-h.padInfo.top,h.effectiveFilterWidth-1-h.padInfo.left]},{type:"int32",data:[h.dilationHeight,h.dilationWidth]},{type:"int32",data:[h.effectiveFilterHeight,h.effectiveFilterWidth]},{type:"int32",data:[h.outHeight]},{type:"int32",data:[h.outWidth]},{type:"float32",data:[d]}];return r.runWebGPUProgram(c,[n],i.dtype,p)}var vy={kernelName:Tl,backendName:"webgpu",kernelFunc:wy};function xy(e){const{inputs:t,backend:r,attrs:s}=e,{a:n,b:o}=t,{transposeA:i,transposeB:a}=s;return Wr({a:n,b:o,transposeA:i,transposeB:a,backend:r})}var yy={kernelName:zl,backendName:"webgpu",kernelFunc:xy},by=class{constructor(e,t){this.variableNames=["source"],this.workPerThread=1,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=t,this.rank=t.length,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,[this.workPerThread,1,1]),this.start=e,this.uniforms=`start : ${re(e.length)}, `,this.shaderKey="slice"}getUserCode(){const e=re(this.rank),t=Sy(this.rank);let r;return this.start.length===1?r=this.outputShape.map((n,o)=>"sourceLoc = uniforms.start + coords;"):r=this.outputShape.map((n,o)=>`sourceLoc.${en[o]} = uniforms.start.${Ue(o)} + coords.${en[o]};`),`
      ${D("index")} {
        if (index < uniforms.size) {
          var sourceLoc : ${e};
          let coords = getCoordsFromIndex(index);
          ${r.join(`
`)}
          setOutputAtIndex(index, getSource(${t}));
        }
      }
    `}},en=["x","y","z","w","u","v"];function Sy(e){if(e===1)return"sourceLoc";if(e<=6)return en.slice(0,e).map(t=>`sourceLoc.${t}`).join(",");throw Error(`Slicing for rank ${e} is not yet supported`)}function Ot(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{begin:o,size:i}=s,[a,u]=Ke.parseSliceParams(n,o,i);if(Ke.assertParamsValid(n,a,u),r.shouldExecuteOnCPU([n])||n.dtype==="string"){const c=r.tensorMap.get(n.dataId),d=xx(c.values,a,u,n.shape,n.dtype);return r.makeTensorInfo(u,n.dtype,d)}if(b.sizeFromShape(u)===0)return r.makeTensorInfo(u,n.dtype,[]);const l=new by(a,u),h=[{type:"int32",data:a}];return r.runWebGPUProgram(l,[n],n.dtype,h)}var Cy={kernelName:cd,backendName:"webgpu",kernelFunc:Ot},Iy=e=>{const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{blockShape:o,crops:i}=s;b.assert(n.shape.length<=4,()=>"batchToSpaceND for rank > 4 with a WebGPU backend not implemented yet");const a=o.reduce((y,x)=>y*x),u=I.getReshaped(n.shape,o,a),l=I.getPermuted(u.length,o.length),h=I.getReshapedPermuted(n.shape,o,a),c=I.getSliceBeginCoords(i,o.length),d=I.getSliceSize(h,i,o.length),p=[],f=B({inputs:{x:n},backend:r,attrs:{shape:u}}),g=_e({inputs:{x:f},backend:r,attrs:{perm:l}}),m=B({inputs:{x:g},backend:r,attrs:{shape:h}}),w=Ot({inputs:{x:m},backend:r,attrs:{begin:c,size:d}});return p.push(f),p.push(g),p.push(m),p.forEach(y=>r.disposeData(y.dataId)),w},ky={kernelName:Bl,backendName:"webgpu",kernelFunc:Iy},$y=`
  fn bincount_write(index: i32, value: f32) {
    ${je("&result[index]","value","float32")}
  }
`,Ry=`
  fn bincount_write(index: i32, value: f32) {
    atomicStore(&result[index], bitcast<i32>(value));
  }
`,Aa=class{constructor(e,t,r=!1){this.outputShape=[],this.variableNames=["x"],this.uniforms="binCountSize : i32,",this.workgroupSize=[64,1,1],this.atomic=!0,this.hasWeights=!0,this.binaryOutput=!1,this.outputShape=e,this.rank=e.length,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.binaryOutput=r,r&&(this.atomic=!1),this.hasWeights=t,this.hasWeights&&this.variableNames.push("w"),this.shaderKey=`bincount_${this.hasWeights}_${this.binaryOutput}_${this.rank}`}getUserCode(){return`
    ${this.binaryOutput?Ry:$y}
  ${D("index")} {
    ${this.rank===1?`if (index < uniforms.xShape) {
      let indexVal = i32(getX(index));
      if (indexVal < uniforms.binCountSize) {
        let value = ${this.binaryOutput?1:this.hasWeights?"getW(index)":"1."};
        bincount_write(indexVal, value);
      }
    }`:`let coord = getCoordsFromIndex(index);
    if (coordsInBounds2D(coord, uniforms.xShape)) {
      let indexVal = i32(getX(coord[0], coord[1]));
      if (indexVal < uniforms.binCountSize) {
        let value = ${this.binaryOutput?1:this.hasWeights?"getW(coord[0], coord[1])":"1."};
        bincount_write(coord.x * uniforms.binCountSize + indexVal, value);
      }
    }`}
  }
  `}};function Py(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,weights:o}=t,{size:i}=s,a=b.sizeFromShape(n.shape),l=b.sizeFromShape(o.shape)>0,h=[i],c=o.dtype,d=we({backend:r,attrs:{shape:h,value:0,dtype:c}}),p=new Aa([a],l),f=[{type:"int32",data:[i]}],g=l?[n,o]:[n];return r.runWebGPUProgram(p,g,c,f,d)}var Ay={kernelName:_l,backendName:"webgpu",kernelFunc:Py},Ey=class{constructor(e){this.outputShape=[],this.variableNames=["s0","s1"],this.uniforms="s0Size : i32, s1Size : i32, ",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=[e],this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="broadcastArgs"}getUserCode(){return`
  ${D("index")} {
    if (index < uniforms.size) {
      var s0 = 1.0;
      var s1 = 1.0;
      let indexS0 = index - uniforms.size + uniforms.s0Size;
      let indexS1 = index - uniforms.size + uniforms.s1Size;
      if (indexS0 >= 0) {
        s0 = getS0(indexS0);
      }
      if (indexS1 >= 0) {
        s1 = getS1(indexS1);
      }

      if (s0 == 1.0) {
        setOutputAtIndex(index, s1);
      } else if (s1 == 1.0) {
        setOutputAtIndex(index, s0);
      } else if (s0 != s1) {
        setOutputAtIndex(index, uniforms.NAN);
      } else {
        setOutputAtIndex(index, s0);
      }
    }
  }
  `}};function Dy(e){const{inputs:t,backend:r}=e,{s0:s,s1:n}=t;if(r.shouldExecuteOnCPU([s,n])){const h=r.tensorMap.get(s.dataId),c=r.tensorMap.get(n.dataId),d=h.values,p=c.values,f=I.assertAndGetBroadcastShape(Array.from(d),Array.from(p));return r.makeTensorInfo([f.length],"int32",Int32Array.from(f))}const o=b.sizeFromShape(s.shape),i=b.sizeFromShape(n.shape),a=Math.max(o,i),u=new Ey(a),l=[{type:"int32",data:[o]},{type:"int32",data:[i]}];return r.runWebGPUProgram(u,[s,n],"int32",l)}var Ny={kernelName:Ll,backendName:"webgpu",kernelFunc:Dy},Ea=de({opType:U.NOT_EQUAL,dtype:"bool",cpuKernelImpl:px}),Ty={kernelName:jn,backendName:"webgpu",kernelFunc:Ea};function ur(e){const{inputs:t,backend:r}=e,{input:s}=t,n=r.tensorMap.get(s.dataId);return be({inputs:{x:n.complexTensorInfos.real},backend:r})}var Fy={kernelName:Yc,backendName:"webgpu",kernelFunc:ur};function My(e,t){const r=new _t(e.shape,P.TO_INT),s=t.runWebGPUProgram(r,[e],"int32");return{dataId:s.dataId,shape:s.shape,dtype:s.dtype}}function tn(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{dtype:o}=s;if(o==="complex64"){if(n.dtype==="complex64")return be({inputs:{x:n},backend:r});const i=zs(n.shape),a=tn({inputs:{x:n},backend:r,attrs:{dtype:"float32"}}),u=wt({inputs:{real:a,imag:i},backend:r});return i.dispose(),r.disposeData(a.dataId),u}if(n.dtype==="complex64"){const i=ur({inputs:{input:n},backend:r}),a=tn({inputs:{x:i},backend:r,attrs:{dtype:o}});return r.disposeData(i.dataId),a}if(!b.hasEncodingLoss(n.dtype,o)){const i=be({inputs:{x:n},backend:r});return{dataId:i.dataId,shape:i.shape,dtype:o}}if(r.shouldExecuteOnCPU([n])){const i=r.tensorMap.get(n.dataId).values,[a,u,l]=Kv(i,n.shape,n.dtype,o);return r.makeTensorInfo(a,u,l)}if(o==="int32")return My(n,r);if(o==="bool"){const i=r.makeTensorInfo([],"bool",b.getTypedArrayFromDType("bool",1)),u=Ea({inputs:{a:n,b:i},backend:r});return r.disposeData(i.dataId),u}throw new Error(`Error in Cast: failed to cast ${n.dtype} to ${o}`)}var zy={kernelName:as,backendName:"webgpu",kernelFunc:tn},By=H({opType:P.CEIL,cpuKernelImpl:jv}),_y={kernelName:Dn,backendName:"webgpu",kernelFunc:By},Oy=class{constructor(e){this.variableNames=["A"],this.uniforms="minVal : f32, maxVal : f32,",this.workPerThread=4,this.workgroupSize=[64,1,1],this.outputComponent=4,this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,[this.workPerThread,1,1]),this.shaderKey="clipVec4"}getUserCode(){return`
      ${D("index")} {
        if(index < uniforms.size) {
          let value = getAByOutputIndex(index);
          var clampedValue = clamp(
              value, vec4<f32>(uniforms.minVal), vec4<f32>(uniforms.maxVal));
          clampedValue = select(clampedValue, value, isnanVec4(value));
          setOutputAtIndex(index, clampedValue);
        }
      }
    `}},Ly=class{constructor(e){this.variableNames=["A"],this.uniforms="minVal : f32, maxVal : f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="clip"}getUserCode(){return`
      ${D("index")} {
        if(index < uniforms.size) {
          let value = getAByOutputIndex(index);
          if (isnan(value)) {
            setOutputAtIndex(index, value);
            return;
          }
          setOutputAtIndex(index, clamp(value, uniforms.minVal, uniforms.maxVal));
        }
      }
    `}};function Wy(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{clipValueMin:o,clipValueMax:i}=s;let a;const u=[{type:"float32",data:[o]},{type:"float32",data:[i]}];return b.sizeFromShape(n.shape)%4===0?a=new Oy(n.shape):a=new Ly(n.shape),r.runWebGPUProgram(a,[n],n.dtype,u)}var Uy={kernelName:Wl,backendName:"webgpu",kernelFunc:Wy},Vy=class{constructor(e){this.outputShape=[],this.variableNames=["real","imag"],this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="complexAbs"}getUserCode(){return`
    ${D("index")} {
      if (index < uniforms.size) {
        let re = abs(getRealByOutputIndex(index));
        let im = abs(getImagByOutputIndex(index));
        let mx = max(re, im);

        // The length function in wgsl may be not underflow-safe on some GPUs.
        // So the safe solution is to ensure underflow-safety in all cases.
        setOutputAtIndex(index, select(mx * length(vec2<f32>(1, min(re, im)/mx)), 0.0, mx == 0.0));
      }
    }
  `}};function Da(e,t){return{dataId:t.dataId,dtype:t.dtype,shape:e.shape}}function Gy(e){const{inputs:t,backend:r}=e,{x:s}=t,n=r.tensorMap.get(s.dataId),o=new Vy(s.shape),i=[Da(s,n.complexTensorInfos.real),Da(s,n.complexTensorInfos.imag)];return r.runWebGPUProgram(o,i,i[0].dtype)}var qy={kernelName:Tn,backendName:"webgpu",kernelFunc:Gy},Hy=class{constructor(e){this.uniforms="",this.workPerThread=1,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=I.computeOutShape(e,1),this.variableNames=e.map((t,r)=>`T${r}`),this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,[this.workPerThread,1,1]),this.offsetLength=e.length-1;for(let t=0;t<this.offsetLength;t++)this.uniforms+=`offset${t} : i32,`;this.shaderKey="concat"}getUserCode(){const e=[];if(this.offsetLength>0){e.push("if (yC < uniforms.offset0){ setOutputAtCoords(coords.x, coords.y, getT0(yR, yC)); }");for(let n=1;n<this.offsetLength;n++)e.push(`else if (yC < uniforms.offset${[n]}){ setOutputAtCoords(coords.x, coords.y, getT${n}(yR, yC - uniforms.offset${n-1})); }`);const r=this.offsetLength,s=this.offsetLength-1;e.push(`else { setOutputAtCoords(coords.x, coords.y, getT${r}(yR, yC - uniforms.offset${s})); }`)}else e.push("setOutputAtCoords(coords.x, coords.y, getT0(yR, yC));");return`
      ${D("index")} {
        for(var i = 0; i < ${this.workPerThread}; i = i + 1) {
          let flatIndex = index * ${this.workPerThread} + i;
          if(flatIndex < uniforms.size) {
            let coords = getCoordsFromIndex(flatIndex);
            let yR = coords.x;
            let yC = coords.y;

            ${e.join(`
        `)}
          }
        }
      }
    `}};function Gr(e){const{inputs:t,backend:r}=e,{input:s}=t,n=r.tensorMap.get(s.dataId);return be({inputs:{x:n.complexTensorInfos.imag},backend:r})}var Ky={kernelName:yc,backendName:"webgpu",kernelFunc:Gr};function lr(e,t,r){const s=e[0].dtype;if(s==="complex64"){const f=e.map(x=>ur({inputs:{input:x},backend:r})),g=e.map(x=>Gr({inputs:{input:x},backend:r})),m=lr(f,t,r),w=lr(g,t,r),y=wt({inputs:{real:m,imag:w},backend:r});return f.forEach(x=>r.disposeData(x.dataId)),g.forEach(x=>r.disposeData(x.dataId)),r.disposeData(m.dataId),r.disposeData(w.dataId),y}let n=r.shouldExecuteOnCPU(e);if(s==="string"&&(n=!0),n){const f=e.map(C=>{const E=[-1,b.sizeFromShape(C.shape.slice(t))];return B({inputs:{x:C},backend:r,attrs:{shape:E}})}),g=f.map(C=>({vals:r.readSync(C.dataId),shape:C.shape})),m=I.computeOutShape(f.map(C=>C.shape),1),w=f[0].shape[0]===1,y=Xv(g,m,s,w),x=I.computeOutShape(e.map(C=>C.shape),t),S=r.makeTensorInfo(x,s,y);return f.forEach(C=>r.disposeData(C.dataId)),S}const o=r.device.limits.maxStorageBuffersPerShaderStage-1;if(e.length>o){const f=[];for(let m=0;m<e.length;m+=o){const w=e.slice(m,m+o);f.push(lr(w,t,r))}const g=lr(f,t,r);for(const m of f)r.disposeData(m.dataId);return g}const{tensors2D:i,outShape:a}=jy(e,t,r),u=i.map(f=>f.shape),l=new Hy(u),h=[],c=new Array(u.length-1);if(c.length>0){c[0]=u[0][1],h.push({type:"int32",data:[c[0]]});for(let f=1;f<c.length;f++)c[f]=c[f-1]+u[f][1],h.push({type:"int32",data:[c[f]]})}const d=r.runWebGPUProgram(l,i,i[0].dtype,h);i.forEach(f=>r.disposeData(f.dataId));const p=B({inputs:{x:d},backend:r,attrs:{shape:a}});return r.disposeData(d.dataId),p}function jy(e,t,r){const s=I.computeOutShape(e.map(o=>o.shape),t);return{tensors2D:e.map(o=>B({inputs:{x:o},backend:r,attrs:{shape:[b.sizeFromShape(o.shape.slice(0,t)),b.sizeFromShape(o.shape.slice(t))]}})),outShape:s}}function Na(e){const{inputs:t,backend:r,attrs:s}=e,{axis:n}=s,o=b.parseAxisParam(n,t[0].shape)[0],i=t.map(l=>l.shape);I.assertParamsConsistent(i,o);const a=I.computeOutShape(t.map(l=>l.shape),o);if(b.sizeFromShape(a)===0)return r.makeTensorInfo(a,t[0].dtype,[]);const u=t.filter(l=>b.sizeFromShape(l.shape)>0);return u.length===1?be({inputs:{x:u[0]},backend:r}):lr(u,o,r)}var Xy={kernelName:Ul,backendName:"webgpu",kernelFunc:Na};function Qy(e,t,r,s,n=!1,o=null,i=!1,a=4,u=4,l=4){const h=z=>{switch(z){case 1:return"resData = f32(x[xIndex]);";case 3:return"resData = vec3<f32>(x[xIndex], x[xIndex + 1], x[xIndex + 2]);";case 4:return"resData = vec4<f32>(x[xIndex / 4]);";default:throw new Error(`innerElementSize ${z} is not supported.`)}},c=z=>{switch(z){case 1:return"return f32(W[row * uniforms.wShape[3] + col]);";case 4:return"return vec4<f32>(W[(row * uniforms.wShape[3] + col) / 4]);";default:throw new Error(`innerElementSize ${z} is not supported.`)}},d=e?`
      let coord = vec4<i32>(batch, xRow, xCol, xCh);
      `:`
      let coord = vec4<i32>(batch, xCh, xRow, xCol);
      `,p=e?`
      let coords = vec4<i32>(
        batch,
        row / outWidth,
        row % outWidth,
        col);
      `:`
      let coords = vec4<i32>(
        batch,
        row,
        col / outWidth,
        col % outWidth);
      `,f=e?"uniforms.xShape[1]":"uniforms.xShape[2]",g=e?"uniforms.xShape[2]":"uniforms.xShape[3]",m=e?"row":"col",w=e?"col":"row",y=`
      let inChannels = uniforms.wShape[2];
      let outWidth = ${e?"uniforms.outShape[2]":"uniforms.outShape[3]"};
      let outRow = ${m} / outWidth;
      let outCol = ${m} % outWidth;

      let WRow = ${w} / (uniforms.filterDims[1] * inChannels);
      let WCol = ${w} / inChannels % uniforms.filterDims[1];
      let xRow = outRow * uniforms.strides[0] + uniforms.dilations[0] * WRow - uniforms.pads[0];
      let xCol = outCol * uniforms.strides[1] + uniforms.dilations[1] * WCol - uniforms.pads[1];
      let xCh = ${w} % inChannels;
      var resData = ${G(a)}(0.0);
      // The bounds checking is always needed since we use it to pad zero for
      // the 'same' padding type.
      if (xRow >= 0 && xRow < ${f} && xCol >= 0 && xCol < ${g}) {
        ${d}
        let xIndex = getIndexFromCoords4D(coord, uniforms.xShape);
        ${h(a)}
      }
      return resData;`,x=e?t&&s?`
      ${y}`:`
      if (row < uniforms.dimAOuter && col < uniforms.dimInner) {
        ${y}
      }
      return ${G(a)}(0.0);`:s&&r?`
      ${y}`:`
      if (row < uniforms.dimInner && col < uniforms.dimBOuter) {
        ${y}
      }
      return ${G(a)}(0.0);`,S=`${c(u)}`,C=G(l),R=G(e?a:u),E=G(e?u:a);return`
      ${Ve(o,i,l===4,4)}
      fn mm_readA(batch: i32, row : i32, col : i32) -> ${R} {
        ${e?x:S}
      }

      fn mm_readB(batch: i32, row : i32, col : i32) -> ${E} {
        ${e?S:x}
      }

      fn mm_write(batch: i32, row : i32, col : i32, valueIn : ${C}) {
        if (row < uniforms.dimAOuter && col < uniforms.dimBOuter)
        {
        var value = valueIn;
        let outWidth = ${e?"uniforms.outShape[2]":"uniforms.outShape[3]"};
        ${p}
        ${gt(n,o)}
        setOutputAtCoords(coords[0], coords[1], coords[2], coords[3], value);
        }
      }`}var Yy=class{constructor(e,t,r,s,n=!1,o=null,i=!1,a=!1){this.variableNames=["x","W"],this.uniforms="filterDims : vec2<i32>, pads : vec2<i32>, strides : vec2<i32>, dilations : vec2<i32>, dimAOuter : i32, dimBOuter : i32, dimInner : i32,",this.outputShape=e.outShape,this.isChannelsLast=e.dataFormat==="channelsLast",this.isVec4=((e.inChannels%4===0||e.inChannels%3===0)&&this.isChannelsLast||e.outWidth%4===0&&!this.isChannelsLast)&&e.outChannels%4===0,this.dispatchLayout=this.isChannelsLast?{x:[3],y:[1,2],z:[0]}:{x:[2,3],y:[1],z:[0]},this.workgroupSize=Li(this.dispatchLayout,this.outputShape,this.isVec4),this.elementsPerThread=Wi(this.dispatchLayout,this.outputShape,this.isVec4),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,this.elementsPerThread),this.isVec4?(this.outputComponent=4,this.isChannelsLast&&e.inChannels%4!==0?(this.innerElementSize=3,this.variableComponents=[1,4]):(this.innerElementSize=4,this.variableComponents=[4,4]),n&&(this.variableNames.push("bias"),this.variableComponents.push(4)),i&&(this.variableNames.push("preluActivationWeights"),this.variableComponents.push(4))):(this.innerElementSize=this.elementsPerThread[0],n&&this.variableNames.push("bias"),i&&this.variableNames.push("preluActivationWeights")),this.sequentialAccessByThreads=a,this.addBias=n,this.activation=o,this.hasPreluActivationWeights=i,this.tileAOuter=this.workgroupSize[1]*this.elementsPerThread[1],this.tileBOuter=this.workgroupSize[0]*this.elementsPerThread[0],this.tileInner=Math.max(this.workgroupSize[0]*this.innerElementSize,this.workgroupSize[1]),this.fitAOuter=t%this.tileAOuter===0,this.fitBOuter=r%this.tileBOuter===0,this.fitInner=s%this.tileInner===0,this.shaderKey=`conv2DMM_${this.elementsPerThread}_${this.activation}}_${this.fitAOuter}_${this.fitBOuter}_${this.fitInner}_${this.isVec4}_${this.innerElementSize}_${this.isChannelsLast}_${this.sequentialAccessByThreads}`}getUserCode(){const e=this.isVec4?Or(this.elementsPerThread,this.workgroupSize,!this.isChannelsLast,this.tileInner):Lr(this.elementsPerThread,this.workgroupSize,!this.isChannelsLast,this.tileInner,!1,null,this.sequentialAccessByThreads),t=this.isVec4?[this.innerElementSize,4,4]:[1,1,1];return`
    ${Qy(this.isChannelsLast,this.fitAOuter,this.fitBOuter,this.fitInner,this.addBias,this.activation,this.hasPreluActivationWeights,t[0],t[1],t[2])}
    ${e}
  `}},Zy=class{constructor(e,t=!1,r=null,s=!1){this.variableNames=["x","W"],this.uniforms="filterDims: vec2<i32>, pads: vec2<i32>, strides: vec2<i32>, dilations: vec2<i32>,",this.workgroupSize=[4,4,8],this.outputShape=e.outShape,this.isChannelsLast=e.dataFormat==="channelsLast",this.dispatchLayout=this.isChannelsLast?{x:[2],y:[1],z:[0,3]}:{x:[3],y:[2],z:[0,1]},this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.addBias=t,this.activation=r,this.hasPreluActivationWeights=s,t&&this.variableNames.push("bias"),s&&this.variableNames.push("preluActivationWeights"),this.shaderKey=`conv2dnaive_${this.activation}_${this.isChannelsLast}`}getUserCode(){return`
       ${Ve(this.activation,this.hasPreluActivationWeights,!1,4)}
       fn readInp(batch : i32, row : i32, col : i32, chan : i32) -> f32{
         let coords = vec4<i32>(batch, row, col, chan);
         if (coordsInBounds4D(coords, uniforms.xShape)) {
           return  getX(batch, row, col, chan);
         } else {
          return 0.0;
         }
       }
       fn readFilt(row : i32, col : i32, xChannel : i32, outChannel : i32) -> f32{
         let coords = vec4<i32>(row, col, xChannel, outChannel);
         if(coordsInBounds4D(coords, uniforms.wShape)) {
           return getW(row, col, xChannel, outChannel);
          } else {
            return 0.0;
          }
       }
       fn writeResult(batch : i32, row : i32, col : i32, chan : i32, valueIn : f32) {
         let coords = ${this.isChannelsLast?"vec4<i32>(batch, row, col, chan);":"vec4<i32>(batch, chan, row, col);"}
         if (coordsInBounds4D(coords, uniforms.outShape)) {
           var value = valueIn;
           ${gt(this.addBias,this.activation)}
           setOutputAtCoords(coords.x, coords.y, coords.z, coords.w, value);
         }
       }
       ${D("index")} {
         let coords = getOutputCoords();
         let batch = coords[0];
         let outChannel = ${this.isChannelsLast?"coords[3];":"coords[1];"}
         let outRow = ${this.isChannelsLast?"coords[1];":"coords[2];"}
         let outCol = ${this.isChannelsLast?"coords[2];":"coords[3];"}
         var acc : f32 = 0.0;
         for (var row = 0; row < uniforms.filterDims[0]; row = row + 1) {
           for (var col = 0; col < uniforms.filterDims[1]; col = col + 1) {
             let xRow = outRow * uniforms.strides[0] + uniforms.dilations[0] * row - uniforms.pads[0];
             let xCol = outCol * uniforms.strides[1] + uniforms.dilations[1] * col - uniforms.pads[1];
             for (var xChannel = 0; xChannel < ${this.isChannelsLast?"uniforms.xShape[3];":"uniforms.xShape[1];"} xChannel = xChannel + 1) {
               ${this.isChannelsLast?"let v = readInp(batch, xRow, xCol, xChannel);":"let v = readInp(batch, xChannel, xRow, xCol);"}
               let f = readFilt(row, col, xChannel, outChannel);
               acc = acc + v * f;
             }
           }
         }
         writeResult(batch, outRow, outCol, outChannel, acc);
       }
     `}},Jy=class{constructor(e,t){this.variableNames=["x"],this.uniforms=`pads : vec2<i32>, strides : vec2<i32>, dilations : vec2<i32>, outWidth : i32, itemsPerBlockRow : i32,
       inChannels : i32,`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.isChannelsLast=t,this.shaderKey=`im2col_${this.isChannelsLast}`}getUserCode(){const e=this.isChannelsLast?1:2,t=this.isChannelsLast?2:3,r=this.isChannelsLast?"coords[1]":"coords[2]",s=this.isChannelsLast?"coords[2]":"coords[1]",n=this.isChannelsLast?"getX(batch, xRow, xCol, ch)":"getX(batch, ch, xRow, xCol)";return`
    ${D("index")} {
      let coords = getCoordsFromIndex(index);
      if(index < uniforms.size) {
        let batch = coords[0];
        let row = ${r};
        let col = ${s};
        let offsetY = (row / uniforms.outWidth) * uniforms.strides[0] - uniforms.pads[0];
        let xRow = offsetY + uniforms.dilations[0] * (col / uniforms.itemsPerBlockRow);
        var value = 0.0;
        if(xRow < uniforms.xShape[${e}] && xRow >= 0) {
          let offsetX = (row % uniforms.outWidth) * uniforms.strides[1] -
              uniforms.pads[1];
          let xCol = offsetX + uniforms.dilations[1] * ((col %
              uniforms.itemsPerBlockRow) / uniforms.inChannels);
          let ch = col % uniforms.inChannels;
          if(xCol < uniforms.xShape[${t}] && xCol >= 0) {
            value = ${n};
          }
        }
        setOutputAtIndex(index, value);
      }
    }
   `}};function qr(e,t){const r=e.length;return r>=3?t?[...e.slice(0,-3),e[r-3]*e[r-2],e[r-1]]:[...e.slice(0,-3),e[r-3],e[r-2]*e[r-1]]:!t&&r===1&&e[0]>1?[e[0],1]:null}function eb({x:e,filter:t,convInfo:r,backend:s,bias:n=null,preluActivationWeights:o=null,leakyreluAlpha:i=0,activation:a=null}){const u=r.dataFormat==="channelsLast",l=!u,h=!1,c=u&&r.filterHeight===r.inHeight&&r.filterWidth===r.inWidth&&r.padInfo.type==="VALID",d=[];let p,f;if(c){const w=r.inHeight*r.inWidth*r.inChannels;p=B({inputs:{x:e},backend:s,attrs:{shape:[1,r.batchSize,w]}}),f=B({inputs:{x:t},backend:s,attrs:{shape:[1,w,r.outChannels]}})}else p=B({inputs:{x:e},backend:s,attrs:{shape:u?[r.batchSize,r.inHeight*r.inWidth,r.inChannels]:[r.batchSize,r.inChannels,r.inHeight*r.inWidth]}}),f=B({inputs:{x:t},backend:s,attrs:{shape:[1,r.inChannels,r.outChannels]}});if(d.push(p),d.push(f),o!=null){const w=qr(o.shape,u);w!=null&&(o=B({inputs:{x:o},backend:s,attrs:{shape:w}}),d.push(o))}if(n!=null){const w=qr(n.shape,u);w!=null&&(n=B({inputs:{x:n},backend:s,attrs:{shape:w}}),d.push(n))}const g=Wr({a:u?p:f,b:u?f:p,transposeA:l,transposeB:h,backend:s,bias:n,activation:a,preluActivationWeights:o,leakyreluAlpha:i}),m=B({inputs:{x:g},backend:s,attrs:{shape:r.outShape}});d.push(g);for(const w of d)s.disposeData(w.dataId);return m}function tb({x:e,filter:t,convInfo:r,backend:s,bias:n=null,preluActivationWeights:o=null,leakyreluAlpha:i=0,activation:a=null}){const{filterWidth:u,filterHeight:l,inChannels:h,strideWidth:c,strideHeight:d,padInfo:p,outWidth:f,outHeight:g,dilationWidth:m,dilationHeight:w,dataFormat:y}=r,x=y==="channelsLast",S=u*l*h,C=g*f,R=x?[r.batchSize,C,S]:[r.batchSize,S,C],E=new Jy(R,x),M=[{type:"int32",data:[p.top,p.left]},{type:"int32",data:[d,c]},{type:"int32",data:[w,m]},{type:"int32",data:[f]},{type:"int32",data:[h*u]},{type:"int32",data:[h]}],z=s.runWebGPUProgram(E,[e],e.dtype,M),W=[];W.push(z);const $=B({inputs:{x:t},backend:s,attrs:{shape:[1,S,-1]}});if(W.push($),o!=null){const V=qr(o.shape,x);V!=null&&(o=B({inputs:{x:o},backend:s,attrs:{shape:V}}),W.push(o))}if(n!=null){const V=qr(n.shape,x);V!=null&&(n=B({inputs:{x:n},backend:s,attrs:{shape:V}}),W.push(n))}const A=Wr({a:x?z:$,b:x?$:z,transposeA:!x,transposeB:!1,backend:s,bias:n,activation:a,preluActivationWeights:o,leakyreluAlpha:i}),F=B({inputs:{x:A},backend:s,attrs:{shape:r.outShape}});W.push(A);for(const V of W)s.disposeData(V.dataId);return F}function Ta({x:e,filter:t,convInfo:r,backend:s,bias:n=null,preluActivationWeights:o=null,leakyreluAlpha:i=0,activation:a=null}){const u=n!=null,l=o!=null,h=r.dataFormat==="channelsLast",c=h&&r.filterHeight===r.inHeight&&r.filterWidth===r.inWidth&&r.padInfo.type==="VALID",d=L().getBool("WEBGPU_USE_NAIVE_CONV2D_DEBUG");if(!d&&(c||r.filterHeight===1&&r.filterWidth===1&&r.dilationHeight===1&&r.dilationWidth===1&&r.strideHeight===1&&r.strideWidth===1&&(r.padInfo.type==="SAME"||r.padInfo.type==="VALID")))return eb({x:e,filter:t,convInfo:r,backend:s,bias:n,activation:a,preluActivationWeights:o,leakyreluAlpha:i});const p=L().getNumber("WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL"),f=p>-1?p:s.thresholdToIncreaseWorkgroups,g=r.batchSize*Math.ceil(r.outHeight*r.outWidth/32)*Math.ceil(r.outChannels/32);if(L().getBool("WEBGPU_CONV_SEPARATE_IM2COL_SHADER")||g<=f)return tb({x:e,filter:t,convInfo:r,backend:s,bias:n,preluActivationWeights:o,leakyreluAlpha:i,activation:a});let m;const w=[r.padInfo.top,r.padInfo.left],y=[{type:"int32",data:[r.filterHeight,r.filterWidth]},{type:"int32",data:[...w]},{type:"int32",data:[r.strideHeight,r.strideWidth]},{type:"int32",data:[r.dilationHeight,r.dilationWidth]}];if(d)m=new Zy(r,u,a,l);else{const R=h?r.outHeight*r.outWidth:r.outChannels,E=h?r.outChannels:r.outHeight*r.outWidth,M=r.filterHeight*r.filterWidth*r.inChannels;y.push({type:"int32",data:[R]},{type:"int32",data:[E]},{type:"int32",data:[M]});const z=s.adapterInfo.isIntel();m=new Yy(r,R,E,M,u,a,l,z)}const x=[],S=[e,t];u&&(!h&&n.shape.length===1&&(n=B({inputs:{x:n},backend:s,attrs:{shape:[n.shape[0],1,1]}}),x.push(n)),S.push(n)),l&&(!h&&o.shape.length===1&&(o=B({inputs:{x:o},backend:s,attrs:{shape:[o.shape[0],1,1]}}),x.push(o)),S.push(o)),a==="leakyrelu"&&(y.push({type:"float32",data:[i]}),m.uniforms+=" alpha : f32,");const C=s.runWebGPUProgram(m,S,e.dtype,y);for(const R of x)s.disposeData(R.dataId);return C}function rb(e){const{inputs:t,attrs:r,backend:s}=e,{x:n,filter:o}=t,{strides:i,pad:a,dataFormat:u,dilations:l,dimRoundingMode:h}=r,c=I.convertConv2DDataFormat(u),d=I.computeConv2DInfo(n.shape,o.shape,i,l,a,h,!1,c);return Ta({x:n,filter:o,convInfo:d,backend:s})}var sb={kernelName:Vl,backendName:"webgpu",kernelFunc:rb},nb=class{constructor(e){this.variableNames=["dy","W"],this.uniforms="filterDims : vec2<i32>, pads : vec2<i32>, strides : vec2<i32>, outBackprop : vec4<i32>,",this.workgroupSize=[64,1,1],this.size=!1,this.isVec4=!1,this.workPerThread=1,this.outputShape=e.inShape,this.isChannelsLast=e.dataFormat==="channelsLast",this.isVec4=this.isChannelsLast&&e.outChannels%4===0&&e.inChannels%4===0,this.isVec4?(this.workPerThread=2,this.outputComponent=4,this.workgroupSize=[4,4,4],this.dispatchLayout={x:[3],y:[2],z:[0,1]},this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,[4,this.workPerThread,1])):(this.size=!0,this.workPerThread=1,this.workgroupSize=[64,1,1],this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize)),this.shaderKey=`conv2DDerInput_${this.isChannelsLast}_${this.isVec4}_${this.workPerThread}`}getUserCode(){const e=this.isChannelsLast?1:2,t=this.isChannelsLast?2:3,r=this.isChannelsLast?3:1,s=`
    ${D()} {
      let batch = i32(globalId.z) / uniforms.outShape[1];
      let r = i32(globalId.z) % uniforms.outShape[1];
      let c = i32(globalId.y) * ${this.workPerThread};
      let d1 = i32(globalId.x) * 4;

      let dyCorner = vec2<i32>(r, c) - uniforms.pads;

      // Convolve dy(?, ?, d2) with w(:, :, d1, d2) to compute dx(xR, xC, d1).
      // ? = to be determined. : = across all values in that axis.
      var dotProd: array<vec4<f32>, ${this.workPerThread}>;
      for (var i = 0; i < ${this.workPerThread}; i++) {
        dotProd[i] = vec4<f32>(0.0);
      }
      for (var wR = 0; wR < uniforms.filterDims.x; wR = wR + 1) {
        let dyR = f32(dyCorner.x + wR) / f32(uniforms.strides.x);
        let wRPerm = uniforms.filterDims.x - 1 - wR;
        if (dyR < 0.0 || dyR >= f32(uniforms.outBackprop[1]) ||
            fract(dyR) > 0.0) {
          continue;
        }
        let idyR = i32(dyR);

        for (var wC = 0; wC < uniforms.filterDims.y; wC = wC + 1) {
          let dyC = f32(dyCorner.y + wC) / f32(uniforms.strides.y);
          let dyC2 = f32(dyCorner.y + 1 + wC) / f32(uniforms.strides.y);
          let wCPerm = uniforms.filterDims.y - 1 - wC;
          var bDyCVal = true;
          var bDyCVal2 = true;
          if (dyC < 0.0 || dyC >= f32(uniforms.outBackprop[2]) ||
              fract(dyC) > 0.0) {
            bDyCVal = false;
          }
          if (dyC2 < 0.0 || dyC2 >= f32(uniforms.outBackprop[2]) ||
              fract(dyC2) > 0.0) {
            bDyCVal2 = false;
          }

          let idyC = i32(dyC);
          let idyC2 = i32(dyC2);
          if (bDyCVal && bDyCVal2) {
            let d2Length = uniforms.outBackprop[3];
            for (var d2 = 0; d2 < d2Length; d2 = d2 + 4) {
              let wValue0 = getW(wRPerm, wCPerm, d1, d2);
              let wValue1 = getW(wRPerm, wCPerm, d1 + 1, d2);
              let wValue2 = getW(wRPerm, wCPerm, d1 + 2, d2);
              let wValue3 = getW(wRPerm, wCPerm, d1 + 3, d2);
              var xValue =  getDy(batch, idyR, idyC, d2);
              let tmpval = vec4<f32>(dot(xValue, wValue0),
                                     dot(xValue, wValue1),
                                     dot(xValue, wValue2),
                                     dot(xValue, wValue3));
              dotProd[0] = dotProd[0] + tmpval;
              xValue = getDy(batch, idyR, idyC2, d2);
              dotProd[1] = dotProd[1] + vec4<f32>(dot(xValue, wValue0),
                                                  dot(xValue, wValue1),
                                                  dot(xValue, wValue2),
                                                  dot(xValue, wValue3));
            }
          } else if (bDyCVal) {
            let d2Length = uniforms.outBackprop[3];
            for (var d2 = 0; d2 < d2Length; d2 = d2 + 4) {
              let wValue0 = getW(wRPerm, wCPerm, d1, d2);
              let wValue1 = getW(wRPerm, wCPerm, d1 + 1, d2);
              let wValue2 = getW(wRPerm, wCPerm, d1 + 2, d2);
              let wValue3 = getW(wRPerm, wCPerm, d1 + 3, d2);
              var xValue =  getDy(batch, idyR, idyC, d2);
              let tmpval = vec4<f32>(dot(xValue, wValue0),
                                     dot(xValue, wValue1),
                                     dot(xValue, wValue2),
                                     dot(xValue, wValue3));
              dotProd[0] = dotProd[0] + tmpval;
            }
          } else if (bDyCVal2) {
            let d2Length = uniforms.outBackprop[3];
            for (var d2 = 0; d2 < d2Length; d2 = d2 + 4) {
              let wValue0 = getW(wRPerm, wCPerm, d1, d2);
              let wValue1 = getW(wRPerm, wCPerm, d1 + 1, d2);
              let wValue2 = getW(wRPerm, wCPerm, d1 + 2, d2);
              let wValue3 = getW(wRPerm, wCPerm, d1 + 3, d2);
              var xValue =  getDy(batch, idyR, idyC2, d2);
              let tmpval = vec4<f32>(dot(xValue, wValue0),
                                     dot(xValue, wValue1),
                                     dot(xValue, wValue2),
                                     dot(xValue, wValue3));
              dotProd[1] = dotProd[1] + tmpval;
            }
          }
        }
      }

      for (var i = 0; i < ${this.workPerThread}; i = i + 1) {
        let coords = vec4<i32>(batch, r, c + i, d1);
        if (coordsInBounds4D(coords, uniforms.outShape)) {
          setOutputAtCoords(coords[0], coords[1], coords[2], coords[3], dotProd[i]);
        }
      }
    }
    `;return this.isVec4?`
    ${s}
    `:`
    ${D("index")} {
      if(index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let batch = coords[0];
        let d1 = coords[${r}];

        let dyCorner = vec2<i32>(coords[${e}], coords[${t}]) - uniforms.pads;
        let dyRCorner = dyCorner.x;
        let dyCCorner = dyCorner.y;

        // Convolve dy(?, ?, d2) with w(:, :, d1, d2) to compute dx(xR, xC, d1).
        // ? = to be determined. : = across all values in that axis.
        var dotProd = 0.0;
        for (var wR = 0; wR < uniforms.filterDims.x; wR = wR + 1) {
          let dyR = (f32(dyRCorner) + f32(wR)) / f32(uniforms.strides.x);
          let wRPerm = uniforms.filterDims.x - 1 - wR;
          if (dyR < 0.0 || dyR >= f32(uniforms.outBackprop[1]) || fract(dyR) > 0.0 ||
              wRPerm < 0) {
            continue;
          }
          let idyR = i32(dyR);

          for (var wC = 0; wC < uniforms.filterDims.y; wC = wC + 1) {
            let dyC = (f32(dyCCorner) + f32(wC)) / f32(uniforms.strides.y);
            let wCPerm = uniforms.filterDims.y - 1 - wC;
            if (dyC < 0.0 || dyC >= f32(uniforms.outBackprop[2]) ||
                fract(dyC) > 0.0 || wCPerm < 0) {
              continue;
            }
            let idyC = i32(dyC);

            for (var d2 = 0; d2 < uniforms.outBackprop[3]; d2 = d2 + 1) {
              let xValue = ${this.isChannelsLast?"getDy(batch, idyR, idyC, d2)":"getDy(batch, d2, idyR, idyC)"};
              let wValue = getW(wRPerm, wCPerm, d1, d2);
              dotProd = dotProd + xValue * wValue;
            }
          }
        }
        setOutputAtIndex(index, dotProd);
      }
    }
  `}},ob=class{constructor(e){this.variableNames=["x","dy"],this.uniforms="pads : vec2<i32>, strides : vec2<i32>, batchSize : i32, outHeight : i32, outWidth : i32, inHeight : i32, inWidth : i32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.filterShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.isChannelsLast=e.dataFormat==="channelsLast",this.shaderKey=`conv2DDerFilter_${this.isChannelsLast}`}getUserCode(){return`
    ${D("index")} {
      if(index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let wR = coords[0];
        let wC = coords[1];
        let d1 = coords[2];
        let d2 = coords[3];

        // Convolve x(?, ?, d1) with dy(:, :, d2) to get dw(wR, wC, d1, d2).
        // ? = to be determined. : = across all values in that axis.
        var dotProd = 0.0;
        for (var b = 0; b < uniforms.batchSize; b = b + 1) {
          for (var yR = 0; yR < uniforms.outHeight; yR = yR + 1) {
            let xR = wR + yR * uniforms.strides[0] - uniforms.pads[0];
            if (xR < 0 || xR >= uniforms.inHeight) {
              continue;
            }

            for (var yC = 0; yC < uniforms.outWidth; yC = yC + 1) {
              let xC = wC + yC * uniforms.strides[1] - uniforms.pads[1];

              if (xC < 0 || xC >= uniforms.inWidth) {
                continue;
              }

              if (${this.isChannelsLast}) {
                let dyValue = getDy(b, yR, yC, d2);
                let xValue = getX(b, xR, xC, d1);
                dotProd = dotProd + xValue * dyValue;
              } else {
                let dyValue = getDy(b, d2, yR, yC);
                let xValue = getX(b, d1, xR, xC);
                dotProd = dotProd + xValue * dyValue;
              }
            }
          }
        }
        setOutputAtIndex(index, dotProd);
      }
    }
  `}},ib=class{constructor(e){this.variableNames=["x","dy"],this.uniforms=`pads : vec3<i32>, strides : vec3<i32>, batchSize : i32, outDepth : i32,
       outHeight : i32, outWidth : i32, inDepth : i32, inHeight : i32, inWidth : i32,`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.filterShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="conv3DDerFilter"}getUserCode(){return`
    ${D("index")} {
      if(index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let wF = coords.x;
        let wR = coords.y;
        let wC = coords.z;
        let d1 = coords.w;
        let d2 = coords.u;

        var dotProd = 0.0;
        for (var b = 0; b < uniforms.batchSize; b++) {
          for (var yF = 0; yF < uniforms.outDepth; yF++) {
            let xF = wF + yF * uniforms.strides[0] - uniforms.pads[0];
            if (xF < 0 || xF >= uniforms.inDepth) {
              continue;
            }

            for (var yR = 0; yR < uniforms.outHeight; yR++) {
              let xR = wR + yR * uniforms.strides[1] - uniforms.pads[1];
              if (xR < 0 || xR >= uniforms.inHeight) {
                continue;
              }

              for (var yC = 0; yC < uniforms.outWidth; yC++) {
                let xC = wC + yC * uniforms.strides[2] - uniforms.pads[2];
                if (xC < 0 || xC >= uniforms.inWidth) {
                  continue;
                }

                let dyValue = getDy(b, yF, yR, yC, d2);
                let xValue = getX(b, xF, xR, xC, d1);
                dotProd += xValue * dyValue;
              }
            }
          }
        }
        setOutputAtIndex(index, dotProd);
      }
    }
  `}},ab=class{constructor(e){this.variableNames=["dy","W"],this.uniforms=`filterDims : vec3<i32>, pads : vec3<i32>, strides : vec3<i32>,
      outDepth : i32, outHeight : i32, outWidth : i32, outChannels : i32,`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.inShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="conv3DDerInput"}getUserCode(){return`
    ${D("index")} {
      if(index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let batch = coords.x;
        let d1 = coords.u;

        let dyCorner = vec3<i32>(coords.y, coords.z, coords.w) - uniforms.pads;
        let dyFCorner = dyCorner.x;
        let dyRCorner = dyCorner.y;
        let dyCCorner = dyCorner.z;

        var dotProd = 0.0;
        for (var wF = 0; wF < uniforms.filterDims[0]; wF++) {
          let dyF = f32(dyFCorner + wF) / f32(uniforms.strides[0]);
          if (dyF < 0.0 || dyF >= f32(uniforms.outDepth) || fract(dyF) > 0.0) {
            continue;
          }
          let idyF = i32(dyF);

          let wFPerm = uniforms.filterDims[0] - 1 - wF;

          for (var wR = 0; wR < uniforms.filterDims[1]; wR++) {
            let dyR = f32(dyRCorner + wR) / f32(uniforms.strides[1]);

            if (dyR < 0.0 || dyR >= f32(uniforms.outHeight) || fract(dyR) > 0.0) {
              continue;
            }
            let idyR = i32(dyR);

            let wRPerm = uniforms.filterDims[1] - 1 - wR;

            for (var wC = 0; wC < uniforms.filterDims[2]; wC++) {
              let dyC = f32(dyCCorner + wC) / f32(uniforms.strides[2]);

              if (dyC < 0.0 || dyC >= f32(uniforms.outWidth) || fract(dyC) > 0.0) {
                continue;
              }
              let idyC = i32(dyC);

              let wCPerm = uniforms.filterDims[2] - 1 - wC;

              for (var d2 = 0; d2 < uniforms.outChannels; d2++) {
                let xValue = getDy(batch, idyF, idyR, idyC, d2);
                let wValue = getW(wFPerm, wRPerm, wCPerm, d1, d2);
                dotProd += xValue * wValue;
              }
            }
          }
        }
        setOutputAtIndex(index, dotProd);
      }
    }
  `}};function ub(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,dy:o}=t,{strides:i,pad:a,dataFormat:u,dimRoundingMode:l,filterShape:h}=s,c=I.convertConv2DDataFormat(u),d=I.computeConv2DInfo(n.shape,h,i,1,a,l,!1,c),p=new ob(d),f=[{type:"int32",data:[d.padInfo.top,d.padInfo.left]},{type:"int32",data:[d.strideHeight,d.strideWidth]},{type:"int32",data:[d.batchSize]},{type:"int32",data:[d.outHeight]},{type:"int32",data:[d.outWidth]},{type:"int32",data:[d.inHeight]},{type:"int32",data:[d.inWidth]}];return r.runWebGPUProgram(p,[n,o],n.dtype,f)}var lb={kernelName:Gl,backendName:"webgpu",kernelFunc:ub};function cb(e=4){const t=o=>{switch(o){case 1:return"return W[getIndexFromCoords4D(coord, uniforms.wShape)];";case 4:return`
            let coord1 = vec4<i32>(coordX, coordY, col + 1, rowInner);
            let coord2 = vec4<i32>(coordX, coordY, col + 2, rowInner);
            let coord3 = vec4<i32>(coordX, coordY, col + 3, rowInner);
            let v0 = W[getIndexFromCoords4D(coord, uniforms.wShape)];
            let v1 = W[getIndexFromCoords4D(coord1, uniforms.wShape)];
            let v2 = W[getIndexFromCoords4D(coord2, uniforms.wShape)];
            let v3 = W[getIndexFromCoords4D(coord3, uniforms.wShape)];
            return vec4<f32>(v0, v1, v2, v3);
            `;default:throw new Error(`innerElementSize ${o} is not supported.`)}},s=`if (row < uniforms.dimAOuter && col < uniforms.dimInner) {
        ${`
      let outRow = row / uniforms.outShape[2];
      let outCol = row % uniforms.outShape[2];

      let WRow = col / (uniforms.filterDims[1] * uniforms.outBackprop[3]);
      let WCol = col / uniforms.outBackprop[3] % uniforms.filterDims[1];
      let xR = f32(outRow - uniforms.pads[0] + WRow) / f32(uniforms.strides[0]);
      let xC = f32(outCol - uniforms.pads[1] + WCol) / f32(uniforms.strides[1]);
      if (xR < 0.0 || xR >= f32(uniforms.outBackprop[1]) || fract(xR) > 0.0) {
        return ${G(e)}(0.0);
      }
      if (xC < 0.0 || xC >= f32(uniforms.outBackprop[2]) || fract(xC) > 0.0) {
        return ${G(e)}(0.0);
      }
      let coord = vec4<i32>(
          batch,
          i32(xR),
          i32(xC),
          col % uniforms.outBackprop[3]);
      return x[getIndexFromCoords4D(coord, uniforms.xShape)/${e}];`}
      }
      return ${G(e)}(0.0);`;return`
  fn mm_readA(batch: i32, row : i32, col : i32) -> ${G(e)} {
    ${s}
  }

  fn mm_readB(batch: i32, row : i32, col : i32) -> ${G(e)} {
    let coordX = uniforms.filterDims.x - 1 -
        row / (uniforms.filterDims[1] * uniforms.outBackprop[3]);
    let coordY = uniforms.filterDims.y - 1 -
        (row / uniforms.outBackprop[3]) % uniforms.filterDims[1];
    if (row < uniforms.dimInner && col < uniforms.dimBOuter &&
        coordX >= 0 && coordY >= 0) {
      let rowInner = row % uniforms.outBackprop[3];
      let coord = vec4<i32>(coordX, coordY, col, rowInner);
      ${t(e)}
    }
    return ${G(e)}(0.0);
  }

  fn mm_write(batch: i32, row : i32, col : i32, valueInput : ${G(e)}) {
    if (row < uniforms.dimAOuter && col < uniforms.dimBOuter) {
      var value = valueInput;
      let outCoord = vec4<i32>(
          batch,
          row / uniforms.outShape[2],
          row % uniforms.outShape[2],
          col);
      result[getIndexFromCoords4D(outCoord, uniforms.outShape)/${e}] = value;
    }
  }`}var db=class{constructor(e){this.variableNames=["x","W"],this.uniforms="filterDims : vec2<i32>, pads : vec2<i32>, strides : vec2<i32>, outBackprop : vec4<i32>, dimAOuter : i32, dimBOuter : i32, dimInner : i32,",this.outputShape=e.inShape,b.assert(e.dataFormat==="channelsLast",()=>"TODO: NCHW is unimplemented"),this.isVec4=e.inChannels%4===0&&e.outChannels%4===0,this.dispatchLayout={x:[3],y:[1,2],z:[0]},this.workgroupSize=Li(this.dispatchLayout,this.outputShape,this.isVec4),this.elementsPerThread=Wi(this.dispatchLayout,this.outputShape,this.isVec4),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,this.elementsPerThread),this.isVec4&&(this.outputComponent=4,this.variableComponents=[4,1]),this.shaderKey=`conv2DDerInputMM_${this.isVec4}_${this.elementsPerThread}`}getUserCode(){const e=this.isVec4?Or(this.elementsPerThread,this.workgroupSize):Lr(this.elementsPerThread,this.workgroupSize);return`
    ${cb(this.isVec4?4:1)}
    ${e}
    `}};function hb(e){const{inputs:t,backend:r,attrs:s}=e,{dy:n,filter:o}=t,{inputShape:i,strides:a,pad:u,dataFormat:l,dimRoundingMode:h}=s,c=I.convertConv2DDataFormat(l),d=I.computeConv2DInfo(i,o.shape,a,1,u,h,!1,c),p=[{type:"int32",data:[d.filterHeight,d.filterWidth]},{type:"int32",data:[d.filterHeight-1-d.padInfo.top,d.filterWidth-1-d.padInfo.left]},{type:"int32",data:[d.strideHeight,d.strideWidth]},{type:"int32",data:[d.batchSize,d.outHeight,d.outWidth,d.outChannels]}];let f;if(L().getBool("WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE")||d.dataFormat!=="channelsLast")f=new nb(d);else{f=new db(d);const g=d.inHeight*d.inWidth,m=d.inChannels,w=d.filterHeight*d.filterWidth*d.outChannels;p.push({type:"uint32",data:[g]},{type:"uint32",data:[m]},{type:"uint32",data:[w]})}return r.runWebGPUProgram(f,[n,o],"float32",p)}var pb={kernelName:ql,backendName:"webgpu",kernelFunc:hb},fb=class{constructor(e){this.variableNames=["x","W"],this.uniforms="filterDims: vec3<i32>, pads: vec3<i32>, strides: vec3<i32>, dilations: vec3<i32>,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.outShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="conv3dnaive"}getUserCode(){return`
    ${D("index")} {
      if (index < uniforms.size) {
        let coords = getOutputCoords();
        let batch = coords.x;
        let d2 = coords.u;

        let xFRCCorner = vec3<i32>(coords.y, coords.z, coords.w) * uniforms.strides - uniforms.pads;
        let xFCorner = xFRCCorner.x;
        let xRCorner = xFRCCorner.y;
        let xCCorner = xFRCCorner.z;

        let inputDepthNearestVec4 = (uniforms.xShape.u / 4) * 4;
        let inputDepthVec4Remainder = uniforms.xShape.u % 4;

        var dotProd = 0.0;
        for (var wF = 0; wF < uniforms.filterDims[0]; wF++) {
          let xF = xFCorner + wF * uniforms.dilations[0];
          if (xF < 0 || xF >= uniforms.xShape.y) {
            continue;
          }

          for (var wR = 0; wR < uniforms.filterDims[1]; wR++) {
            let xR = xRCorner + wR * uniforms.dilations[1];
            if (xR < 0 || xR >= uniforms.xShape.z) {
              continue;
            }

            for (var wC = 0; wC < uniforms.filterDims[2]; wC++) {
              let xC = xCCorner + wC * uniforms.dilations[2];
              if (xC < 0 || xC >= uniforms.xShape.w) {
                continue;
              }

              for (var d1 = 0; d1 < inputDepthNearestVec4; d1 += 4) {
                let xValues = vec4<f32>(
                  getX(batch, xF, xR, xC, d1),
                  getX(batch, xF, xR, xC, d1 + 1),
                  getX(batch, xF, xR, xC, d1 + 2),
                  getX(batch, xF, xR, xC, d1 + 3)
                );
                let wValues = vec4<f32>(
                  getW(wF, wR, wC, d1, d2),
                  getW(wF, wR, wC, d1 + 1, d2),
                  getW(wF, wR, wC, d1 + 2, d2),
                  getW(wF, wR, wC, d1 + 3, d2)
                );

                dotProd += dot(xValues, wValues);
              }

              if (inputDepthVec4Remainder == 1) {
                dotProd += getX(batch, xF, xR, xC, inputDepthNearestVec4) *
                  getW(wF, wR, wC, inputDepthNearestVec4, d2);
              } else if (inputDepthVec4Remainder == 2) {
                let xValues = vec2<f32>(
                  getX(batch, xF, xR, xC, inputDepthNearestVec4),
                  getX(batch, xF, xR, xC, inputDepthNearestVec4 + 1)
                );
                let wValues = vec2<f32>(
                  getW(wF, wR, wC, inputDepthNearestVec4, d2),
                  getW(wF, wR, wC, inputDepthNearestVec4 + 1, d2)
                );
                dotProd += dot(xValues, wValues);
              } else if (inputDepthVec4Remainder == 3) {
                let xValues = vec3<f32>(
                  getX(batch, xF, xR, xC, inputDepthNearestVec4),
                  getX(batch, xF, xR, xC, inputDepthNearestVec4 + 1),
                  getX(batch, xF, xR, xC, inputDepthNearestVec4 + 2)
                );
                let wValues = vec3<f32>(
                  getW(wF, wR, wC, inputDepthNearestVec4, d2),
                  getW(wF, wR, wC, inputDepthNearestVec4 + 1, d2),
                  getW(wF, wR, wC, inputDepthNearestVec4 + 2, d2)
                );
                dotProd += dot(xValues, wValues);
              }
            }
          }
        }
        setOutputAtIndex(index, dotProd);
      }
    }`}};function mb(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,filter:o}=t,{strides:i,pad:a,dilations:u}=s,l=I.computeConv3DInfo(n.shape,o.shape,i,u,a),h=[l.padInfo.front,l.padInfo.top,l.padInfo.left],c=[{type:"int32",data:[l.filterDepth,l.filterHeight,l.filterWidth]},{type:"int32",data:[...h]},{type:"int32",data:[l.strideDepth,l.strideHeight,l.strideWidth]},{type:"int32",data:[l.dilationDepth,l.dilationHeight,l.dilationWidth]}],d=new fb(l),p=Le(n.dtype,o.dtype);return r.runWebGPUProgram(d,[n,o],p,c)}var gb={kernelName:Hl,backendName:"webgpu",kernelFunc:mb};function wb(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,dy:o}=t,{strides:i,pad:a,filterShape:u}=s,l=I.computeConv3DInfo(n.shape,u,i,1,a),h=new ib(l),c=[{type:"int32",data:[l.padInfo.front,l.padInfo.top,l.padInfo.left]},{type:"int32",data:[l.strideDepth,l.strideHeight,l.strideWidth]},{type:"int32",data:[l.batchSize]},{type:"int32",data:[l.outDepth]},{type:"int32",data:[l.outHeight]},{type:"int32",data:[l.outWidth]},{type:"int32",data:[l.inDepth]},{type:"int32",data:[l.inHeight]},{type:"int32",data:[l.inWidth]}];return r.runWebGPUProgram(h,[n,o],o.dtype,c)}var vb={kernelName:Kl,backendName:"webgpu",kernelFunc:wb};function xb(e){const{inputs:t,backend:r,attrs:s}=e,{dy:n,filter:o}=t,{strides:i,pad:a,inputShape:u}=s,l=I.computeConv3DInfo(u,o.shape,i,1,a),h=new ab(l),c=[{type:"int32",data:[l.filterDepth,l.filterHeight,l.filterWidth]},{type:"int32",data:[l.filterDepth-1-l.padInfo.front,l.filterHeight-1-l.padInfo.top,l.filterWidth-1-l.padInfo.left]},{type:"int32",data:[l.strideDepth,l.strideHeight,l.strideWidth]},{type:"int32",data:[l.outDepth]},{type:"int32",data:[l.outHeight]},{type:"int32",data:[l.outWidth]},{type:"int32",data:[l.outChannels]}];return r.runWebGPUProgram(h,[n,o],n.dtype,c)}var yb={kernelName:jl,backendName:"webgpu",kernelFunc:xb},bb=H({opType:P.COS}),Sb={kernelName:Xl,backendName:"webgpu",kernelFunc:bb},Cb=H({opType:P.COSH}),Ib={kernelName:Ql,backendName:"webgpu",kernelFunc:Cb},kb=class{constructor(e,t,r,s){this.variableNames=["Image","Boxes","BoxInd"],this.uniforms="extrapolationValue : f32,",this.workgroupSize=[64,1,1],this.size=!0;const[n]=t;this.outputShape=[n,r[0],r[1],e],this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.methodId=s==="bilinear"?1:0,this.cropHeightBiggerThan1=this.outputShape[1]>1,this.cropWidthBiggerThan1=this.outputShape[2]>1,this.shaderKey=`cropAndResize_${this.methodId}_${this.cropHeightBiggerThan1}_${this.cropWidthBiggerThan1}`}getUserCode(){const[e,t]=["f32(uniforms.imageShape[1] - 1)","f32(uniforms.imageShape[2] - 1)"],[r,s,n]=this.cropHeightBiggerThan1?[`(${e} / f32(uniforms.outShape[1] - 1))`,"(y2-y1) * height_ratio",`y1*${e} + f32(y)*(height_scale)`]:["0.0","0.0",`0.5 * (y1+y2) * ${e}`],[o,i,a]=this.cropWidthBiggerThan1?[`(${t} / f32(uniforms.outShape[2] - 1))`,"(x2-x1) * width_ratio",`x1*${t} + f32(x)*(width_scale)`]:["0.0","0.0",`0.5 * (x1+x2) * ${t}`];return`
    ${D("index")} {
      if (index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let height_ratio = f32(${r});
        let width_ratio = f32(${o});
        let b = coords[0];
        let y = coords[1];
        let x = coords[2];
        let d = coords[3];
        // get box vals
        let y1 = getBoxes(b, 0);
        let x1 = getBoxes(b, 1);
        let y2 = getBoxes(b, 2);
        let x2 = getBoxes(b, 3);
        // get image in batch index
        let bInd = i32(round(getBoxInd(b)));
        if(bInd < 0 || bInd >= uniforms.outShape[0]) {
          return;
        }
        let height_scale = ${s};
        let width_scale = ${i};
        let in_y = ${n};
        if( in_y < 0.0 || in_y > ${e} ) {
          setOutputAtIndex(index, uniforms.extrapolationValue);
          return;
        }
        let in_x = ${a};
        if( in_x < 0.0 || in_x > ${t} ) {
          setOutputAtIndex(index, uniforms.extrapolationValue);
          return;
        }
        let sourceFracIndexCR = vec2<f32>(in_x,in_y);
        if(${this.methodId} == 1) {
          // Compute the four integer indices.
          let sourceFloorCR = vec2<i32>(sourceFracIndexCR);
          let sourceCeilCR = vec2<i32>(ceil(sourceFracIndexCR));
          let topLeft = getImage(bInd, sourceFloorCR.y, sourceFloorCR.x, d);
          let bottomLeft = getImage(bInd, sourceCeilCR.y, sourceFloorCR.x, d);
          let topRight = getImage(bInd, sourceFloorCR.y, sourceCeilCR.x, d);
          let bottomRight = getImage(bInd, sourceCeilCR.y, sourceCeilCR.x, d);
          let fracCR = sourceFracIndexCR - vec2<f32>(sourceFloorCR);
          let top = topLeft + (topRight - topLeft) * fracCR.x;
          let bottom = bottomLeft + (bottomRight - bottomLeft) * fracCR.x;
          let newValue = top + (bottom - top) * fracCR.y;
          setOutputAtIndex(index, newValue);
        } else {
          // Compute the coordinators of nearest neighbor point.
          let sourceNearestCR = vec2<i32>(floor(
            sourceFracIndexCR + vec2<f32>(0.5,0.5)));
          let newValue = getImage(
            bInd, sourceNearestCR.y, sourceNearestCR.x, d);
          setOutputAtIndex(index, newValue);
        }
      }
    }
    `}},$b=e=>{const{inputs:t,backend:r,attrs:s}=e,{image:n,boxes:o,boxInd:i}=t,{cropSize:a,method:u,extrapolationValue:l}=s,h=new kb(n.shape[3],o.shape,a,u),c=[{type:"float32",data:[l]}];return r.runWebGPUProgram(h,[n,o,i],"float32",c)},Rb={kernelName:Jl,backendName:"webgpu",kernelFunc:$b},cr;(function(e){e.Prod="*",e.Sum="+"})(cr||(cr={}));var Fa=class{constructor(e,t,r,s){this.variableNames=["x"],this.uniforms="index : f32,",this.size=!0,this.workgroupSize=[128,1,1],this.outputShape=t,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.exclusive=r,this.reverse=s,this.op=e,this.shaderKey=`cum_${this.op}_${this.exclusive}_${this.reverse}`}getUserCode(){const e=this.outputShape.length,t=this.op===cr.Prod?"1.0":"0.0",r=this.exclusive?t:`getX(${Ma(e,"coords",this.op)})`,s=this.outputShape[this.outputShape.length-1];let n="",o="";return this.exclusive?(n=this.reverse?`end != ${s-1}`:"end != 0",o=this.reverse?"end + 1":"end - 1"):(n=this.reverse?`end + pow2 < ${s}`:"end >= pow2",o=this.reverse?"end + pow2":"end - pow2"),`
      ${D("index")} {
       if (index < uniforms.size) {
         var coords = getCoordsFromIndex(index);

         let end = ${za(e,"coords",this.op)};
         var val = ${r};
         let pow2 = i32(pow(2.0, uniforms.index));
         if (${n}) {
           let idx = ${o};
           ${za(e,"coords",this.op)} = idx;
           val ${this.op}= getX(${Ma(e,"coords",this.op)});
         }
         setOutputAtIndex(index, val);
       }
      }
    `}};function Ma(e,t,r){if(e===1)return`${t}`;if(e===2)return`${t}.x, ${t}.y`;if(e===3)return`${t}.x, ${t}.y, ${t}.z`;if(e===4)return`${t}.x, ${t}.y, ${t}.z, ${t}.w`;throw Error(`Cumulative ${r} for rank ${e} is not yet supported`)}function za(e,t,r){if(e===1)return`${t}`;if(e===2)return`${t}.y`;if(e===3)return`${t}.z`;if(e===4)return`${t}.w`;throw Error(`Cumulative ${r} for rank ${e} is not yet supported`)}function Ba(e,t,r,s,n,o){const i=t.shape.length,a=I.getAxesPermutation([s],i);let u=t;a!=null&&(u=_e({inputs:{x:t},backend:r,attrs:{perm:a}}));const l=I.getInnerMostAxes(1,i)[0];if(l!==i-1)throw new Error(`WebGPU cumprod shader expects an inner-most axis=${t.shape.length-1} but got axis=${s}`);const h=u.shape[l];let c=be({inputs:{x:u},backend:r});for(let d=0;d<=Math.ceil(Math.log2(h))-1;d++){const p=new Fa(e,u.shape,!1,o),f=c,g=[{type:"float32",data:[d]}];c=r.runWebGPUProgram(p,[c],c.dtype,g),r.disposeData(f.dataId)}if(n){const d=new Fa(e,u.shape,n,o),p=c,f=[{type:"float32",data:[0]}];c=r.runWebGPUProgram(d,[c],c.dtype,f),r.disposeData(p.dataId)}if(a!=null){const d=I.getUndoAxesPermutation(a),p=_e({inputs:{x:c},backend:r,attrs:{perm:d}});return r.disposeData(c.dataId),r.disposeData(u.dataId),p}return c}function Pb(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{axis:o,exclusive:i,reverse:a}=s;return Ba(cr.Prod,n,r,o,i,a)}var Ab={kernelName:Yl,backendName:"webgpu",kernelFunc:Pb};function Eb(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{axis:o,exclusive:i,reverse:a}=s;return Ba(cr.Sum,n,r,o,i,a)}var Db={kernelName:Zl,backendName:"webgpu",kernelFunc:Eb};function Nb(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,weights:o}=t,{size:i,binaryOutput:a}=s,u=n.shape.length===1,h=b.sizeFromShape(o.shape)>0,c=o.dtype,d=u?[n.shape[0]]:[n.shape[0],n.shape[1]],p=u?[i]:[n.shape[0],i],f=we({backend:r,attrs:{shape:p,value:0,dtype:c}}),g=new Aa(d,h,a),m=[{type:"int32",data:[i]}],w=h?[n,o]:[n];return r.runWebGPUProgram(g,w,c,m,f)}var Tb={kernelName:ec,backendName:"webgpu",kernelFunc:Nb},Fb=class{constructor(e,t){this.variableNames=["x"],this.workgroupSize=[64,1,1],this.size=!0,this.uniforms="blockSize : i32,",this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey=`depthToSpace_${t}`,this.dataFormat=t}getUserCode(){return`
      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          let b = coords[0];
          let h = ${this.getHeightCoordString()};
          let w = ${this.getWidthCoordString()};
          let d = ${this.getDepthCoordString()};

          let in_h = h / uniforms.blockSize;
          let offset_h = h % uniforms.blockSize;
          let in_w = w / uniforms.blockSize;
          let offset_w = w % uniforms.blockSize;
          let offset_d = (offset_h * uniforms.blockSize + offset_w) *
            ${this.getOutputDepthSize()};
          let in_d = d + offset_d;

          let rlt = ${this.getInputSamplingString()};
          setOutputAtIndex(index, rlt);
        }
      }`}getHeightCoordString(){return this.dataFormat==="NHWC"?"coords[1]":"coords[2]"}getWidthCoordString(){return this.dataFormat==="NHWC"?"coords[2]":"coords[3]"}getDepthCoordString(){return this.dataFormat==="NHWC"?"coords[3]":"coords[1]"}getOutputDepthSize(){return this.dataFormat==="NHWC"?"uniforms.outShape[3]":"uniforms.outShape[1]"}getInputSamplingString(){return this.dataFormat==="NHWC"?"getX(b, in_h, in_w, in_d)":"getX(b, in_d, in_h, in_w)"}};function Mb(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{blockSize:o,dataFormat:i}=s,a=n.shape[0],u=i==="NHWC"?n.shape[1]:n.shape[2],l=i==="NHWC"?n.shape[2]:n.shape[3],h=i==="NHWC"?n.shape[3]:n.shape[1],c=u*o,d=l*o,p=h/(o*o),f=i==="NHWC"?[a,c,d,p]:[a,p,c,d],g=[{type:"int32",data:[o]}],m=new Fb(f,i);return r.runWebGPUProgram(m,[n],n.dtype,g)}var zb={kernelName:tc,backendName:"webgpu",kernelFunc:Mb},Bb=class{constructor(e,t,r,s=!1,n=null,o=!1){this.variableNames=["x","W"],this.uniforms="pads : vec2<i32>, inDims : vec2<i32>,",this.workgroupSize=[16,16,1],this.outputShape=e,this.dispatchLayout={x:[3],y:[2],z:[0,1]},this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),s&&this.variableNames.push("bias"),o&&this.variableNames.push("preluActivationWeights"),this.addBias=s,this.activation=n,this.hasPreluActivation=o,this.filterHeight=t,this.filterWidth=r,this.shaderKey=`depthwiseNCHW_${this.activation}_${this.filterHeight}_${this.filterWidth}`}getUserCode(){const e=this.filterWidth*this.filterHeight,t=this.workgroupSize[0]*this.workgroupSize[1]*this.workgroupSize[2],r=this.workgroupSize[1]+this.filterHeight-1,s=this.workgroupSize[0]+this.filterWidth-1;return`
      ${Ve(this.activation,this.hasPreluActivation,!1,4)}

      var<workgroup> mm_Asub : array<array<f32, ${s}>, ${r}>;
      var<workgroup> mm_Bsub : array<array<f32, ${this.filterWidth}>, ${this.filterHeight}>;
      fn readX(batch : i32, channel : i32, row : i32, col : i32) -> f32 {
        var value = 0.0;
        if (row >=0 && row < uniforms.inDims[0] && col >=0 && col < uniforms.inDims[1])
        {
          value = getX(batch, channel, row, col);
        }
        return value;
      }

      ${D()} {
        let coords = getOutputCoords();
        let batch = coords[0];
        let xRCCorner = vec2<i32>(coords.zw) - uniforms.pads;
        let channelMul = uniforms.wShape[3];
        let d1 = coords[1] / channelMul;
        let q = coords[1] % channelMul;

        let inputRowStart = xRCCorner.x;
        let inputColStart = xRCCorner.y;

        let localRow = i32(localId.y);
        let localCol = i32(localId.x);

        // Load one tile of X into local memory.
        for (var inputRow = localRow; inputRow < ${r}; inputRow = inputRow + ${this.workgroupSize[1]}) {
          for (var inputCol = localCol; inputCol < ${s}; inputCol = inputCol + ${this.workgroupSize[0]}) {
            let rowOffset = inputRow - localRow;
            let colOffset = inputCol - localCol;
            mm_Asub[inputRow][inputCol] = readX(batch, d1, inputRowStart + rowOffset, inputColStart + colOffset);
          }
        }

        // Load one tile of W into local memory.
        var wIndex = i32(localIndex);
        ${e<t?`if (wIndex < ${e})`:`for(; wIndex < ${e}; wIndex = wIndex + ${t})`}

        {
          let wRow = wIndex / ${this.filterWidth};
          let wCol = wIndex % ${this.filterWidth};
          mm_Bsub[wRow][wCol] = getW(wRow, wCol, d1, q);
        }

        workgroupBarrier();

        var value = 0.0;
        for (var wR = 0; wR < ${this.filterHeight}; wR = wR + 1) {
          for (var wC = 0; wC < ${this.filterWidth}; wC = wC + 1) {
            let xVal = mm_Asub[localRow + wR][localCol + wC];
            let wVal = mm_Bsub[wR][wC];
            value = fma(xVal, wVal, value);
          }
        }
        ${gt(this.addBias,this.activation)}
        if (coordsInBounds4D(coords, uniforms.outShape)) {
          setOutputAtCoords(coords[0], coords[1], coords[2], coords[3], value);
        }
      }
    `}},_a=class{constructor(e,t=!1,r=null,s=!1){this.variableNames=["x","W"],this.uniforms="pads : vec2<i32>, inDims : vec2<i32>, virtualWidth : i32,",this.workgroupSize=[64,1,1],this.workPerThread=4,this.outputComponent=4,this.outputShape=e.outShape,this.virtualWidth=Math.ceil(this.outputShape[2]/this.workPerThread)*this.workPerThread;const n=[this.outputShape[0],this.outputShape[1],this.virtualWidth,this.outputShape[3]];this.dispatchLayout=T(n),this.dispatch=N(this.dispatchLayout,n,this.workgroupSize,[this.outputComponent*this.workPerThread,1,1]),b.assert(e.dataFormat==="channelsLast",()=>"TODO: NCHW is unimplemented"),t&&this.variableNames.push("bias"),s&&this.variableNames.push("preluActivationWeights"),this.convInfo=e,this.addBias=t,this.activation=r,this.hasPreluActivation=s,this.shaderKey=`depthwiseVec4_${r}_${this.convInfo.filterHeight}_${this.convInfo.filterWidth}_${this.convInfo.strideHeight}_${this.convInfo.strideWidth}_${this.workPerThread}`}getUserCode(){const e=(this.workPerThread-1)*this.convInfo.strideWidth+this.convInfo.filterWidth,t=this.convInfo.strideHeight,r=this.convInfo.strideWidth;return`
      ${Ve(this.activation,this.hasPreluActivation,!0,4)}
      fn readX(batch : i32, row : i32, col : i32, channel : i32) -> vec4<f32> {
        var value = vec4<f32>(0.0);
        if (col >=0 && col < uniforms.inDims[1]) {
          value = getX(batch, row, col, channel);
        }
        return value;
      }

      ${D("index")} {
        let width0 = uniforms.outShape[3] / ${this.outputComponent};
        let d1 = (index % width0) * ${this.outputComponent};
        var index1 = index / width0;
        let width1 = uniforms.virtualWidth / ${this.workPerThread};
        let c = (index1 % width1) * ${this.workPerThread};
        index1 = index1 / width1;
        let r = index1 % uniforms.outShape[1];
        let batch = index1 / uniforms.outShape[1];

        let xRCCorner = vec2<i32>(r, c) * vec2<i32>(${t}, ${r}) - uniforms.pads;

        let xRCorner = xRCCorner.x;
        let xCCorner = xRCCorner.y;
        var xVals : array<vec4<f32>, ${e}>;
        var dotProd : array<vec4<f32>, ${this.workPerThread}>;
        for (var i = 0; i < ${this.workPerThread}; i++) {
          dotProd[i] = vec4<f32>(0.0);
        }

        // Use constant instead of uniform can give better performance.
        for (var wR = 0; wR < ${this.convInfo.filterHeight}; wR = wR + 1) {
          let xR = xRCorner + wR;
          if (xR >=0 && xR < uniforms.inDims[0]) {
            for (var i = 0; i < ${e}; i++) {
              xVals[i] = readX(batch, xR, xCCorner + i, d1);
            }
            for (var wC = 0; wC < ${this.convInfo.filterWidth}; wC = wC + 1) {
              let wValue = getW(wR, wC, d1, 0);
              for (var i = 0; i < ${this.workPerThread}; i++) {
                dotProd[i] = fma(xVals[i * ${r} + wC], wValue, dotProd[i]);
              }
            }
          }
        }

        for (var i = 0; i < ${this.workPerThread}; i = i + 1) {
          let coords = vec4<i32>(batch, r, c + i, d1);
          if (coordsInBounds4D(coords, uniforms.outShape)) {
            var value = dotProd[i];
            ${gt(this.addBias,this.activation)}
            setOutputAtCoords(coords[0], coords[1], coords[2], coords[3], value);
          }
        }
      }
    `}},Oa=class{constructor(e,t=!1,r=null,s=!1){this.variableNames=["x","W"],this.uniforms=`pads : vec2<i32>, inDims : vec2<i32>, filterHeight : i32,
      filterWidth : i32, strides : vec2<i32>, dilations : vec2<i32>,`,this.workgroupSize=[256,1,1],this.size=!0,this.outputShape=e.outShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.isChannelsLast=e.dataFormat==="channelsLast",t&&this.variableNames.push("bias"),s&&this.variableNames.push("preluActivationWeights"),this.convInfo=e,this.addBias=t,this.activation=r,this.hasPreluActivation=s,this.shaderKey=`depthwise_${this.activation}_${this.isChannelsLast}`}getUserCode(){const e=this.isChannelsLast?"getX(batch, xR, xC, d1);":"getX(batch, d1, xR, xC);";return`
      ${Ve(this.activation,this.hasPreluActivation,!1,4)}

      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getOutputCoords();
          let batch = coords[0];
          let xRCCorner = vec2<i32>(coords.${this.isChannelsLast?"yz":"zw"}) * uniforms.strides - uniforms.pads;
          let d2 = coords[${this.isChannelsLast?3:1}];
          let channelMul = uniforms.wShape[3];
          let d1 = d2 / channelMul;
          let q = d2 % channelMul;

          let inputRowStart = xRCCorner.x;
          let inputColStart = xRCCorner.y;
          let inputRowEnd = inputRowStart + uniforms.filterHeight *
              uniforms.dilations[0];
          let inputColEnd = inputColStart + uniforms.filterWidth *
              uniforms.dilations[1];

          // Convolve x(?, ?, d1)|x(d1, ?, ?) with w(:, :, d1, q) to get
          // y(yR, yC, d2)|y(d2, yR, yC). ? = to be determined. : = across all
          // values in that axis. x(?, ?, d1) and y(yR, yC, d2) is for NHWC.
          // x(d1, ?, ?) and y(d2, yR, yC) is for NCHW.
          var value = 0.0;

          // Extract if checking out of for loop for performance.
          if (inputRowStart >= 0 && inputColStart >= 0 &&
            inputRowEnd < uniforms.inDims[0] &&
                inputColEnd < uniforms.inDims[1]) {
              for (var wR = 0; wR < uniforms.filterHeight; wR = wR + 1) {
                let xR = inputRowStart + wR * uniforms.dilations[0];

                for (var wC = 0; wC < uniforms.filterWidth; wC = wC + 1) {
                  let xC = inputColStart + wC * uniforms.dilations[1];

                  let xVal = ${e};
                  let wVal = getW(wR, wC, d1, q);
                  value = value + xVal * wVal;
                }
              }
            } else {
              for (var wR = 0; wR < uniforms.filterHeight; wR = wR + 1) {
                let xR = inputRowStart + wR * uniforms.dilations[0];

                if (xR < 0 || xR >= uniforms.inDims[0]) {
                  continue;
                }

                for (var wC = 0; wC < uniforms.filterWidth; wC = wC + 1) {
                  let xC = inputColStart + wC * uniforms.dilations[1];

                  if (xC < 0 || xC >= uniforms.inDims[1]) {
                    continue;
                  }

                  let xVal = ${e};
                  let wVal = getW(wR, wC, d1, q);
                  value = value + xVal * wVal;
                }
              }
            }
            ${gt(this.addBias,this.activation)}
          setOutputAtCoords(coords[0], coords[1], coords[2], coords[3], value);
        }
      }
    `}};function _b(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,filter:o}=t,{strides:i,pad:a,dataFormat:u,dilations:l,dimRoundingMode:h}=s,c=I.convertConv2DDataFormat(u);let d=l;d==null&&(d=[1,1]);const p=I.computeConv2DInfo(n.shape,o.shape,i,d,a,h,!0,c),f=[{type:"int32",data:[p.padInfo.top,p.padInfo.left]},{type:"int32",data:[p.inHeight,p.inWidth]}],g=p.dataFormat==="channelsLast";let m;return!g&&p.inHeight>16&&p.inWidth>16&&p.strideHeight===1&&p.strideWidth===1&&p.dilationWidth===1&&p.dilationHeight===1&&p.inChannels===p.outChannels?m=new Bb(p.outShape,p.filterHeight,p.filterWidth):g&&p.outHeight>4&&p.outWidth>4&&p.strideWidth<=2&&p.inChannels===p.outChannels&&p.dilationHeight===1&&p.dilationWidth===1&&p.inChannels%4===0?(m=new _a(p),f.push({type:"int32",data:[m.virtualWidth]})):(m=new Oa(p),f.push({type:"int32",data:[p.filterHeight]},{type:"int32",data:[p.filterWidth]},{type:"int32",data:[p.strideHeight,p.strideWidth]},{type:"int32",data:[p.dilationHeight,p.dilationWidth]})),r.runWebGPUProgram(m,[n,o],n.dtype,f)}var Ob={kernelName:rc,backendName:"webgpu",kernelFunc:_b},Lb=class{constructor(e){this.variableNames=["x","dy"],this.uniforms=`strides : vec2<i32>, pads : vec2<i32>, filterDims : vec2<i32>, outHeight : i32,
      outWidth : i32, inHeight : i32, inWidth : i32, batchSize : i32, channelMul : i32,`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.filterShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="depthwise_conv2d_backprop_filter"}getUserCode(){return`
      ${D("index")} {
      if (index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let wR = coords[0];
        let wC = coords[1];
        let d1 = coords[2];
        let dm = coords[3];
        let d2 = d1 * uniforms.channelMul + dm;

        var dotProd = 0.0;
        for (var b = 0; b < uniforms.batchSize; b++) {
          for (var yR = 0; yR < uniforms.outHeight; yR++) {
            let xR = wR + yR * uniforms.strides[0] - uniforms.pads[0];

            if (xR < 0 || xR >= uniforms.inHeight) {
              continue;
            }

            for (var yC = 0; yC < uniforms.outWidth; yC++) {
              let xC = wC + yC * uniforms.strides[1] - uniforms.pads[1];

              if (xC < 0 || xC >= uniforms.inWidth) {
                continue;
              }

              let dyValue = getDy(b, yR, yC, d2);
              let xValue = getX(b, xR, xC, d1);
              dotProd += xValue * dyValue;
            }
          }
        }
        setOutputAtIndex(index, dotProd);
      }
    }
    `}},Wb=class{constructor(e){this.variableNames=["dy","W"],this.uniforms=`strides : vec2<i32>, pads : vec2<i32>, filterDims : vec2<i32>,
       outHeight : i32, outWidth : i32, channelMul : i32,`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.inShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="depthwise_conv2d_backprop_input"}getUserCode(){return`
      ${D("index")} {
      if (index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let batch = coords[0];
        let d1 = coords[3];
        let dyCorner = coords.yz - uniforms.pads;
        let dyRCorner = dyCorner.x;
        let dyCCorner = dyCorner.y;

        var dotProd = 0.0;
        for (var wR = 0; wR < uniforms.filterDims[0]; wR++) {
          let dyR = f32(dyRCorner + wR) / f32(uniforms.strides[0]);

          if (dyR < 0.0 || dyR >= f32(uniforms.outHeight) || fract(dyR) > 0.0) {
            continue;
          }

          let idyR = i32(dyR);
          let wRPerm = uniforms.filterDims[0] - 1 - wR;

          for (var wC = 0; wC < uniforms.filterDims[1]; wC++) {
            let dyC = f32(dyCCorner + wC) / f32(uniforms.strides[1]);

            if (dyC < 0.0 || dyC >= f32(uniforms.outWidth) || fract(dyC) > 0.0) {
              continue;
            }

            let idyC = i32(dyC);
            let wCPerm = uniforms.filterDims[1] - 1 - wC;

            for (var dm = 0; dm < uniforms.channelMul; dm++) {
              let d2 = d1 * uniforms.channelMul + dm;
              let xValue = getDy(batch, idyR, idyC, d2);
              let wValue = getW(wRPerm, wCPerm, d1, dm);
              dotProd += xValue * wValue;
            }
          }
        }
        setOutputAtIndex(index, dotProd);
      }
    }
    `}};function Ub(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,dy:o}=t,{strides:i,dilations:a,pad:u,dimRoundingMode:l,filterShape:h}=s,c=I.computeConv2DInfo(n.shape,h,i,a,u,l,!0),d=new Lb(c),p=[{type:"int32",data:[c.strideHeight,c.strideWidth]},{type:"int32",data:[c.padInfo.top,c.padInfo.left]},{type:"int32",data:[c.filterHeight,c.filterWidth]},{type:"int32",data:[c.outHeight]},{type:"int32",data:[c.outWidth]},{type:"int32",data:[c.inHeight]},{type:"int32",data:[c.inWidth]},{type:"int32",data:[c.batchSize]},{type:"int32",data:[c.outChannels/c.inChannels]}];return r.runWebGPUProgram(d,[n,o],"float32",p)}var Vb={kernelName:sc,backendName:"webgpu",kernelFunc:Ub};function Gb(e){const{inputs:t,backend:r,attrs:s}=e,{dy:n,filter:o}=t,{strides:i,dilations:a,pad:u,dimRoundingMode:l,inputShape:h}=s,c=I.computeConv2DInfo(h,o.shape,i,a,u,l,!0),d=new Wb(c),p=[{type:"int32",data:[c.strideHeight,c.strideWidth]},{type:"int32",data:[c.filterHeight-1-c.padInfo.top,c.filterWidth-1-c.padInfo.left]},{type:"int32",data:[c.filterHeight,c.filterWidth]},{type:"int32",data:[c.outHeight]},{type:"int32",data:[c.outWidth]},{type:"int32",data:[c.outChannels/c.inChannels]}];return r.runWebGPUProgram(d,[n,o],n.dtype,p)}var qb={kernelName:nc,backendName:"webgpu",kernelFunc:Gb},Hb=class{constructor(e){this.variableNames=["x"],this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=[e,e],this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="diag"}getUserCode(){return`
      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getOutputCoords();
          let value = select(0.0, getX(coords[0]), coords[0] == coords[1]);
          setOutputAtIndex(index, value);
        }
      }
    `}};function Kb(e){const{inputs:t,backend:r}=e,{x:s}=t,n=[...s.shape,...s.shape],o=b.sizeFromShape(s.shape),i=B({inputs:{x:s},backend:r,attrs:{shape:[o]}}),a=new Hb(o),u=r.runWebGPUProgram(a,[i],i.dtype),l=B({inputs:{x:u},backend:r,attrs:{shape:n}});return r.disposeData(i.dataId),r.disposeData(u.dataId),l}var jb={kernelName:oc,backendName:"webgpu",kernelFunc:Kb},Xb=class{constructor(e){this.variableNames=["x","w"],this.uniforms="filterDims: vec2<i32>, pads: vec2<i32>, strides: vec2<i32>, dilations: vec2<i32>",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.outShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="dilation2d"}getUserCode(){return`
       ${D("index")} {
         if (index < uniforms.size) {
           let neg_infinity = -3.4e38;
           let coords = getOutputCoords();
           let batch = coords.x;
           let d1 = coords.w;
           let outTopLeftCorner = coords.yz * uniforms.strides - uniforms.pads;
           let hBeg = outTopLeftCorner.x;
           let wBeg = outTopLeftCorner.y;

           var curVal = neg_infinity;
           for (var h = 0; h < uniforms.filterDims[0]; h = h + 1) {
             let hIn = hBeg + h * uniforms.dilations[0];

             if (hIn >= 0 && hIn < uniforms.xShape[1]) {
               for (var w = 0; w < uniforms.filterDims[1]; w = w + 1) {
                 let wIn = wBeg + w * uniforms.dilations[1];

                 if (wIn >= 0 && wIn < uniforms.xShape[2]) {
                   let val = getX(batch, hIn, wIn, d1) + getW(h, w, d1);
                   if (val > curVal) {
                     curVal = val;
                   }
                 }
               }
             }
           }

           setOutputAtIndex(index, curVal);
         }
       }
     `}};function Qb(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,filter:o}=t,{strides:i,pad:a,dilations:u}=s,l=I.computeDilation2DInfo(n.shape,o.shape,i,a,"NHWC",u),h=[l.padInfo.top,l.padInfo.left],c=[{type:"int32",data:[l.filterHeight,l.filterWidth]},{type:"int32",data:[...h]},{type:"int32",data:[l.strideHeight,l.strideWidth]},{type:"int32",data:[l.dilationHeight,l.dilationWidth]}],d=new Xb(l);return r.runWebGPUProgram(d,[n,o],n.dtype,c)}var Yb={kernelName:ic,backendName:"webgpu",kernelFunc:Qb},Zb=class{constructor(e,t){if(this.variableNames=["x","w","dy"],this.uniforms="filterDims: vec2<i32>, pads: vec2<i32>, strides: vec2<i32>, dilations: vec2<i32>, dySize: i32,",this.workgroupSize=[64,1,1],this.atomic=!0,this.outputShape=e.inShape,this.dispatchLayout=T(e.outShape),this.dispatch=N(this.dispatchLayout,e.outShape,this.workgroupSize),t!=="float32"&&t!=="int32")throw new Error(`Dilation2DBackpropInput only supports float32 and int32
          types, does not support ${t} type.`);this.type=t,this.shaderKey="dilation2DBackpropInput"}getUserCode(){return`
       ${D("index")} {
         if (index < uniforms.dySize) {
           let coords = getDyCoordsFromIndex(index);
           let b = coords[0];
           let r = coords[1];
           let c = coords[2];
           let d = coords[3];

           let dyCorner = vec2<i32>(r, c) * uniforms.strides - uniforms.pads;
           var curVal = -3.4e38;  // neg_infinity
           var xRMax = 0;
           var xCMax = 0;

           // In the case of multiple argmax branches, we only back-propagate
           // along the last branch, i.e., the one with largest value of
           // 'wR * uniforms.filterDims[1] + wC', similarly to the max-pooling
           // backward routines.
           for (var wR = 0; wR < uniforms.filterDims[0]; wR++) {
             let xR = dyCorner.x + wR * uniforms.dilations[0];

             if (xR >= 0 && xR < uniforms.xShape[1]) {
               for (var wC = 0; wC < uniforms.filterDims[1]; wC++) {
                 let xC = dyCorner.y + wC * uniforms.dilations[1];

                 if (xC >= 0 && xC < uniforms.xShape[2]) {
                   let val = getX(b, xR, xC, d) + getW(wR, wC, d);
                   if (val > curVal) {
                     curVal = val;
                     xRMax = xR;
                     xCMax = xC;
                   }
                 }
               }
             }
           }

           let flatIndexIn = d + uniforms.xShape[3] *
               (xCMax + uniforms.xShape[2] * (xRMax + uniforms.xShape[1] * b));
           let value = getDy(b, r, c, d);
           ${je("&result[flatIndexIn]","value",this.type)}
         }
       }
     `}},Jb=class{constructor(e,t,r){if(this.variableNames=["x","w","dy"],this.uniforms="filterDims: vec2<i32>, pads: vec2<i32>, strides: vec2<i32>, dilations: vec2<i32>, dySize: i32,",this.workgroupSize=[64,1,1],this.atomic=!0,this.outputShape=e.filterShape,this.dispatchLayout=T(e.outShape),this.dispatch=N(this.dispatchLayout,e.outShape,this.workgroupSize),r!=="float32"&&r!=="int32")throw new Error(`Dilation2DBackpropFilter only supports float32 and int32
          types, does not support ${r} type.`);this.type=r,this.shaderKey="dilation2DBackpropFilter"}getUserCode(){return`
       ${D("index")} {
         if (index < uniforms.dySize) {
           let coords = getDyCoordsFromIndex(index);
           let b = coords[0];
           let r = coords[1];
           let c = coords[2];
           let d = coords[3];

           let dyCorner = vec2<i32>(r, c) * uniforms.strides - uniforms.pads;
           var curVal = -3.4e38;  // neg_infinity
           var wRMax = 0;
           var wCMax = 0;

           // In the case of multiple argmax branches, we only back-propagate
           // along the last branch, i.e., the one with largest value of
           // 'wR * uniforms.filterDims[1] + wC', similarly to the max-pooling
           // backward routines.
           for (var wR = 0; wR < uniforms.filterDims[0]; wR++) {
             let xR = dyCorner.x + wR * uniforms.dilations[0];

             if (xR >= 0 && xR < uniforms.xShape[1]) {
               for (var wC = 0; wC < uniforms.filterDims[1]; wC++) {
                 let xC = dyCorner.y + wC * uniforms.dilations[1];

                 if (xC >= 0 && xC < uniforms.xShape[2]) {
                   let val = getX(b, xR, xC, d) + getW(wR, wC, d);
                   if (val > curVal) {
                     curVal = val;
                     wRMax = wR;
                     wCMax = wC;
                   }
                 }
               }
             }
           }

           let flatIndexIn = d + uniforms.wShape[2] * (wCMax + wRMax * uniforms.wShape[1]);
           let value = getDy(b, r, c, d);
           ${je("&result[flatIndexIn]","value",this.type)}
         }
       }
     `}};function eS(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,filter:o,dy:i}=t,{strides:a,pad:u,dilations:l}=s,h=I.computeDilation2DInfo(n.shape,o.shape,a,u,"NHWC",l),c=o.dtype,d=new Jb(h,o.shape,c),p=[{type:"int32",data:[h.filterHeight,h.filterWidth]},{type:"int32",data:[h.padInfo.top,h.padInfo.left]},{type:"int32",data:[h.strideHeight,h.strideWidth]},{type:"int32",data:[h.dilationHeight,h.dilationWidth]},{type:"int32",data:[b.sizeFromShape(h.outShape)]}],f=we({backend:r,attrs:{shape:o.shape,value:0,dtype:c}});return r.runWebGPUProgram(d,[n,o,i],c,p,f)}var tS={kernelName:uc,backendName:"webgpu",kernelFunc:eS};function rS(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,filter:o,dy:i}=t,{strides:a,pad:u,dilations:l}=s,h=I.computeDilation2DInfo(n.shape,o.shape,a,u,"NHWC",l),c=n.dtype,d=new Zb(h,c),p=[{type:"int32",data:[h.filterHeight,h.filterWidth]},{type:"int32",data:[h.padInfo.top,h.padInfo.left]},{type:"int32",data:[h.strideHeight,h.strideWidth]},{type:"int32",data:[h.dilationHeight,h.dilationWidth]},{type:"int32",data:[b.sizeFromShape(h.outShape)]}],f=we({backend:r,attrs:{shape:h.inShape,value:0,dtype:c}});return r.runWebGPUProgram(d,[n,o,i],c,p,f)}var sS={kernelName:ac,backendName:"webgpu",kernelFunc:rS},nS=class{constructor(e,t,r){this.variableNames=["Image"],this.uniforms="alpha: f32,",this.workgroupSize=[64,1,1],this.pixelsOpType=Bt.DRAW,this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.type=t,this.textureFormat=r,this.shaderKey=`draw_${t}_${r}`}getUserCode(){let e;const t=this.type==="float32"?"value":"value / 255.0";return e=`
      if (uniforms.numChannels == 1) {
        rgba[0] = ${t};
        rgba[1] = ${t};
        rgba[2] = ${t};
      } else {
        rgba[d] = ${t};
      }`,`
       @group(0) @binding(0) var outImage : texture_storage_2d<${this.textureFormat}, write>;
       ${D("index")} {
         if (index < uniforms.size) {
           var rgba = vec4<f32>(0.0, 0.0, 0.0, uniforms.alpha);
           for (var d = 0; d < uniforms.numChannels; d = d + 1) {
             let value = f32(inBuf[index * uniforms.numChannels + d]);
             ${e}
           }
           rgba.x = rgba.x * rgba.w;
           rgba.y = rgba.y * rgba.w;
           rgba.z = rgba.z * rgba.w;
           let coords = getCoordsFromIndex(index);
           textureStore(outImage, vec2<i32>(coords.yx), rgba);
         }
       }
      `}};function oS(e){const{inputs:t,backend:r,attrs:s}=e,{image:n}=t,{canvas:o,options:i}=s,[a,u]=n.shape.slice(0,2),{imageOptions:l}=i||{},h=l?.alpha||1,c=r.device.features.has("bgra8unorm-storage")?"bgra8unorm":"rgba8unorm",d=[a,u],p=new nS(d,n.dtype,c);o.width=u,o.height=a;const f="webgpu";let g=o.getContext(f),m;g||(m=new OffscreenCanvas(u,a),g=m.getContext(f));const w=n.shape.length===3?n.shape[2]:1;g.configure({device:r.device,format:c,usage:GPUTextureUsage.STORAGE_BINDING,alphaMode:"premultiplied"});const y="int32",x=r.makeTensorInfo(d,y),S=r.tensorMap.get(x.dataId);S.resource=g.getCurrentTexture(),S.external=!0;const C=[{type:"uint32",data:[w]},{type:"float32",data:[h]}];if(r.runWebGPUProgram(p,[n],y,C,x),m){const R=o.getContext("2d");if(!R)throw new Error("Please make sure this canvas has only been used for 2d or webgpu context!");R.drawImage(m,0,0)}return r.disposeData(x.dataId),n}var iS={kernelName:lc,backendName:"webgpu",kernelFunc:oS},La=de({opType:U.MUL,cpuKernelImpl:dx,supportsComplex:!0}),aS={kernelName:ds,backendName:"webgpu",kernelFunc:La};function Wa(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{axis:o,keepDims:i}=s;return vt(n,o,i,"sum",r)}var uS={kernelName:to,backendName:"webgpu",kernelFunc:Wa};function lS(e){const{inputs:t,backend:r,attrs:s}=e,{equation:n}=s,o=t,{allDims:i,summedDims:a,idDims:u}=I.decodeEinsumEquation(n,o.length);I.checkEinsumDimSizes(i.length,u,o);const{path:l,steps:h}=I.getEinsumComputePath(a,u),c=h.length;let d=null,p=i.length;const f=[];for(let g=0;g<c;++g){for(const m of h[g]){const{permutationIndices:w,expandDims:y}=I.getEinsumPermutation(p,u[m]);let x;I.isIdentityPermutation(w)?x=o[m]:(x=_e({inputs:{x:o[m]},backend:r,attrs:{perm:w}}),f.push(x));const S=x.shape.slice();for(let C=0;C<y.length;++C)S.splice(y[C],0,1);b.arraysEqual(x.shape,S)||(x=B({inputs:{x},backend:r,attrs:{shape:S}}),f.push(x)),d===null?d=x:(d=La({inputs:{a:x,b:d},backend:r}),f.push(d))}g<c-1&&(l[g]>=0&&(d=Wa({inputs:{x:d},backend:r,attrs:{axis:l[g]-(i.length-p),keepDims:!1}}),f.push(d)),p--)}for(const g of f)g!==d&&r.disposeData(g.dataId);return d}var cS={kernelName:cc,backendName:"webgpu",kernelFunc:lS},dS=H({opType:P.ELU}),hS={kernelName:Mn,backendName:"webgpu",kernelFunc:dS},pS=e=>{const{inputs:t,backend:r}=e,{dy:s,y:n}=t,o=new Ur(U.ELU_DER,s.shape,n.shape);return r.runWebGPUProgram(o,[s,n],s.dtype)},fS={kernelName:dc,backendName:"webgpu",kernelFunc:pS},mS=de({opType:U.EQUAL,dtype:"bool",cpuKernelImpl:Qv}),gS={kernelName:zn,backendName:"webgpu",kernelFunc:mS},wS=H({opType:P.ERF}),vS={kernelName:hc,backendName:"webgpu",kernelFunc:wS},xS=H({opType:P.EXP,cpuKernelImpl:Yv,dtype:"float32"}),yS={kernelName:Bn,backendName:"webgpu",kernelFunc:xS};function rn(e){const{inputs:t,attrs:r,backend:s}=e,{dim:n}=r,{input:o}=t,i=o.shape.length,a=o.shape.slice();let u=n;return n<0&&(b.assert(-(i+1)<=n,()=>`Axis must be in the interval [${-(i+1)}, ${i}]`),u=i+n+1),a.splice(u,0,1),B({inputs:{x:o},backend:s,attrs:{shape:a}})}var bS={kernelName:pc,backendName:"webgpu",kernelFunc:rn},SS=H({opType:P.EXPM1,cpuKernelImpl:Zv}),CS={kernelName:_n,backendName:"webgpu",kernelFunc:SS},Ua=class{constructor(e,t){this.variableNames=["real","imag"],this.outputShape=[],this.uniforms="exponentMultiplier : f32, denominator: f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=t,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.component=e,this.shaderKey=`fft_${e}`}getUserCode(){return`
    fn unaryOpComplex(real: f32, expR: f32, imag: f32, expI: f32) -> f32 {
      ${this.component==="real"?"return real * expR - imag * expI;":"return real * expI + imag * expR;"}
    }

    fn mulMatDFT(batch: i32, index: i32) -> f32 {
      let indexRatio = f32(index) / f32(uniforms.realShape[1]);
      let exponentMultiplierTimesIndexRatio =
          uniforms.exponentMultiplier * indexRatio;

      var result = 0.0;

      for (var i = 0; i < uniforms.realShape[1]; i = i + 1) {
        // x = (-2|2 * PI / N) * index * i;
        let x = exponentMultiplierTimesIndexRatio * f32(i);
        let expR = cos(x);
        let expI = sin(x);
        let real = getReal(batch, i);
        let imag = getImag(batch, i);

        result = result +
            unaryOpComplex(real, expR, imag, expI) / uniforms.denominator;
      }

      return result;
    }

    ${D("index")} {
      if (index < uniforms.size) {
        let coords = getOutputCoords();
        setOutputAtIndex(index, mulMatDFT(coords[0], coords[1]));
      }
    }
  `}};function Va(e,t,r){const s=r.tensorMap.get(e.dataId),n=b.sizeFromShape(e.shape),o=e.shape[e.shape.length-1],i=n/o,a=[],u=B({inputs:{x:e},backend:r,attrs:{shape:[i,o]}});a.push(u);const l=u.shape,h=new Ua("real",l),c=new Ua("imag",l),d=[{dataId:s.complexTensorInfos.real.dataId,dtype:s.complexTensorInfos.real.dtype,shape:l},{dataId:s.complexTensorInfos.imag.dataId,dtype:s.complexTensorInfos.imag.dtype,shape:l}],p=t?2*Math.PI:-2*Math.PI,f=t?l[1]:1,g=[{type:"float32",data:[p]},{type:"float32",data:[f]}],m=r.runWebGPUProgram(h,d,"float32",g);a.push(m);const w=r.runWebGPUProgram(c,d,"float32",g);a.push(w);const y=wt({inputs:{real:m,imag:w},backend:r});a.push(y);const x=B({inputs:{x:y},backend:r,attrs:{shape:e.shape}});return a.forEach(S=>r.disposeData(S.dataId)),x}function IS(e){const{inputs:t,backend:r}=e,{input:s}=t;return Va(s,!1,r)}var kS={kernelName:fc,backendName:"webgpu",kernelFunc:IS},$S=class{constructor(e){this.outputShape=[],this.variableNames=["x"],this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="flipLeftRight"}getUserCode(){return`
      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          let coordX = uniforms.xShape[2] - coords[2] - 1;
          let outputValue = getX(coords[0], coords[1], coordX, coords[3]);
          setOutputAtIndex(index, outputValue);
        }
      }
    `}},RS={kernelName:mc,backendName:"webgpu",kernelFunc:({inputs:e,backend:t})=>{const{image:r}=e,s=t,n=new $S(r.shape);return s.runWebGPUProgram(n,[r],r.dtype)}},PS=H({opType:P.FLOOR,cpuKernelImpl:Jv}),AS={kernelName:Ln,backendName:"webgpu",kernelFunc:PS},ES=de({opType:U.FLOOR_DIV,cpuKernelImpl:ex,dtype:"int32"}),DS={kernelName:us,backendName:"webgpu",kernelFunc:ES},NS=class{constructor(e,t,r=!1){this.pixelsOpType=Bt.FROM_PIXELS,this.outputShape=[0],this.variableNames=[],this.workgroupSize=[256,1,1],this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,[t,1,1]),this.importVideo=r,this.shaderKey=`fromPixels_${this.importVideo}`}getUserCode(){const e=this.importVideo?"textureLoad(src, vec2<i32>(coords.yx));":"textureLoad(src, vec2<i32>(coords.yx), 0)";return`
      @binding(1) @group(0) var src: ${this.importVideo?"texture_external":"texture_2d<f32>"};
      ${D("index")} {
        let flatIndex = index * uniforms.numChannels;
        if (flatIndex < uniforms.size) {
          let coords = getCoordsFromIndex(flatIndex);
          let values = ${e};
          for (var i = 0; i < uniforms.numChannels; i = i + 1) {
            result[flatIndex + i] = i32(floor(255.0 * values[i]));
          }
        }
      }
  `}},TS={kernelName:Nd,backendName:"webgpu",kernelFunc:FS},Lt,sn=L().getBool("CANVAS2D_WILL_READ_FREQUENTLY_FOR_GPU");function FS(e){const{inputs:t,backend:r,attrs:s}=e;let{pixels:n}=t;const{numChannels:o}=s;if(n==null)throw new Error("pixels passed to tf.browser.fromPixels() can not be null");const i=typeof HTMLVideoElement<"u"&&n instanceof HTMLVideoElement,a=typeof HTMLImageElement<"u"&&n instanceof HTMLImageElement,u=typeof HTMLCanvasElement<"u"&&n instanceof HTMLCanvasElement||typeof OffscreenCanvas<"u"&&n instanceof OffscreenCanvas,l=typeof ImageBitmap<"u"&&n instanceof ImageBitmap,[h,c]=i?[n.videoWidth,n.videoHeight]:[n.width,n.height],d=[c,h,o],p=L().getBool("WEBGPU_IMPORT_EXTERNAL_TEXTURE")&&i,f=i||a;if(l||u||f){let y;if(p)y=r.device.importExternalTexture({source:n});else{if(f){const v=L().getBool("CANVAS2D_WILL_READ_FREQUENTLY_FOR_GPU");(Lt==null||v!==sn)&&(sn=v,Lt=document.createElement("canvas").getContext("2d",{willReadFrequently:sn})),Lt.canvas.width=h,Lt.canvas.height=c,Lt.drawImage(n,0,0,h,c),n=Lt.canvas}const W=GPUTextureUsage.COPY_DST|GPUTextureUsage.RENDER_ATTACHMENT|GPUTextureUsage.TEXTURE_BINDING,k=r.textureManager.acquireTexture(d[1],d[0],"rgba8unorm",W);r.queue.copyExternalImageToTexture({source:n},{texture:k},[d[1],d[0]]),y=k}const x=b.sizeFromShape(d),S=b.computeStrides(d),C=new NS(d,o,p),R=[{type:"uint32",data:[x]},{type:"uint32",data:[o]},{type:"uint32",data:[...S]}],E=r.makeTensorInfo([c,h],"int32"),M=r.tensorMap.get(E.dataId);M.resource=y;const z=r.runWebGPUProgram(C,[E],"int32",R);return r.disposeData(E.dataId),z}const g=n.data;let m=g;if(o!=null&&o!==4){m=new Uint8Array(n.width*n.height*o);const y=g.length;let x=0;for(let S=0;S<y;S++)S%4<o&&(m[x++]=g[S])}const w=r.makeTensorInfo(d,"int32",new Int32Array(m));return r.uploadToGPU(w.dataId),w}var MS=class{constructor(e,t,r,s,n){this.uniforms="varianceEpsilon : f32,",this.workgroupSize=[128,1,1],this.size=!0,this.variableNames=["x","mean","variance"],I.assertAndGetBroadcastShape(e,t),I.assertAndGetBroadcastShape(e,r),this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),s!=null&&(I.assertAndGetBroadcastShape(e,s),this.variableNames.push("offset")),n!=null&&(I.assertAndGetBroadcastShape(e,n),this.variableNames.push("scale")),this.offsetShape=s,this.scaleShape=n,this.shaderKey="batchNorm"}getUserCode(){let e="0.0";this.offsetShape!=null&&(e="getOffsetByOutputIndex(index)");let t="1.0";return this.scaleShape!=null&&(t="getScaleByOutputIndex(index)"),`
      ${D("index")} {
        if (index < uniforms.size)
        {
          let xValue = getXByOutputIndex(index);
          let meanValue = getMeanByOutputIndex(index);
          let varianValue = getVarianceByOutputIndex(index);
          let offsetValue = ${e};
          let scaleValue = ${t};
          let inv = scaleValue * inverseSqrt(varianValue + f32(uniforms.varianceEpsilon));
          setOutputAtIndex(index,dot(vec3<f32>(xValue, -meanValue, offsetValue), vec3<f32>(inv, inv, 1.0)));
        }
      }
  `}},zS={kernelName:gc,backendName:"webgpu",kernelFunc:({inputs:e,attrs:t,backend:r})=>{const{x:s,scale:n,offset:o,mean:i,variance:a}=e,{varianceEpsilon:u}=t,l=r,h=[s,i,a];let c=null;o!=null&&(c=o.shape,h.push(o));let d=null;n!=null&&(d=n.shape,h.push(n));const p=new MS(s.shape,i.shape,a.shape,c,d),f=[{type:"float32",data:[u]}];return l.runWebGPUProgram(p,h,s.dtype,f)}};function BS(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,filter:o,bias:i,preluActivationWeights:a}=t,{strides:u,pad:l,dataFormat:h,dilations:c,dimRoundingMode:d,activation:p,leakyreluAlpha:f}=s,g=I.convertConv2DDataFormat(h),m=I.computeConv2DInfo(n.shape,o.shape,u,c,l,d,!1,g);return Ta({x:n,filter:o,convInfo:m,backend:r,bias:i,preluActivationWeights:a,leakyreluAlpha:f,activation:p})}var _S={kernelName:Md,backendName:"webgpu",kernelFunc:BS};function OS(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,filter:o,bias:i,preluActivationWeights:a}=t,{strides:u,pad:l,dilations:h,dimRoundingMode:c,activation:d,leakyreluAlpha:p}=s;let f=h;f==null&&(f=[1,1]),b.assert(I.eitherStridesOrDilationsAreOne(u,f),()=>`Error in depthwiseConv2d: Either strides or dilations must be 1. Got strides ${u} and dilations '${f}'`);const g=I.computeConv2DInfo(n.shape,o.shape,u,f,l,c,!0),m=[n,o],w=i!=null,y=a!=null;w&&m.push(i),y&&m.push(a);const x=[{type:"int32",data:[g.padInfo.top,g.padInfo.left]},{type:"int32",data:[g.inHeight,g.inWidth]}];let S;return g.outHeight>4&&g.outWidth>4&&g.strideWidth<=2&&g.inChannels===g.outChannels&&g.dilationHeight===1&&g.dilationWidth===1&&g.inChannels%4===0?(S=new _a(g,w,d,y),x.push({type:"int32",data:[S.virtualWidth]})):(S=new Oa(g,w,d,y),x.push({type:"int32",data:[g.filterHeight]},{type:"int32",data:[g.filterWidth]},{type:"int32",data:[g.strideHeight,g.strideWidth]},{type:"int32",data:[g.dilationHeight,g.dilationWidth]})),d==="leakyrelu"&&(x.push({type:"float32",data:[p]}),S.uniforms+=" alpha : f32,"),r.runWebGPUProgram(S,m,"float32",x)}var LS={kernelName:zd,backendName:"webgpu",kernelFunc:OS},WS=class{constructor(e,t){this.variableNames=["A","indices"],this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=t,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey=`gathernd_${e}`,this.sliceDim=e,this.uniforms=`sliceDim : i32, strides : ${re(e)},`}getUserCode(){let e;return this.sliceDim>1?e="uniforms.strides[j]":e="uniforms.strides",`
      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          var flattenIndex = 0;
          for (var j = 0; j < uniforms.sliceDim; j = j + 1) {
            let indexTemp = i32(round(getIndices(coords[0], j)));
            let strideNum = ${e};
            flattenIndex = flattenIndex + indexTemp * strideNum;
          }

          setOutputAtIndex(index, getA(flattenIndex, coords[1]));
        }
      }
      `}};function US(e){const{inputs:t,backend:r}=e,{params:s,indices:n}=t,o=n.shape,i=o[o.length-1],a=b.sizeFromShape(s.shape),[u,l,h,c]=I.prepareAndValidate(s,n),d=B({inputs:{x:n},backend:r,attrs:{shape:[l,i]}}),p=B({inputs:{x:s},backend:r,attrs:{shape:[b.sizeFromShape(s.shape)/h,h]}});if(r.shouldExecuteOnCPU([s,n])||s.dtype==="string"){const y=r.readSync(n.dataId),x=r.bufferSync(s),S=tx(y,x,s.dtype,l,i,h,c,s.shape,a);return r.makeTensorInfo(u,s.dtype,S.values)}const f=new WS(i,[l,h]),g=[{type:"int32",data:[i]},{type:"int32",data:c}],m=r.runWebGPUProgram(f,[p,d],p.dtype,g),w=B({inputs:{x:m},backend:r,attrs:{shape:u}});return r.disposeData(d.dataId),r.disposeData(p.dataId),r.disposeData(m.dataId),w}var VS={kernelName:vc,backendName:"webgpu",kernelFunc:US},GS=class{constructor(e,t){this.variableNames=["A","indices"],this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.slice(),this.aShape=e,this.outputShape=t,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="gather"}getUserCode(){const e=qS(this.aShape);return`
      ${D("index")} {
        if (index < uniforms.size) {
          let resRC = getCoordsFromIndex(index);
          let indexZ = i32(getIndices(resRC.x, resRC.z));
          let inBounds = select(0.0, 1.0, indexZ >= 0 && indexZ < uniforms.aShape[2]);
          setOutputAtIndex(index, inBounds * getA(${e}));
        }
      }
    `}};function qS(e){const t=["resRC.x","resRC.y","resRC.z","resRC.w"],r=[];for(let s=0;s<e.length;s++)s===2?r.push("indexZ"):r.push(`${t[s]}`);return r.join()}function Ga(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,indices:o}=t,{axis:i,batchDims:a}=s,u=b.parseAxisParam(i,n.shape)[0],l=I.segment_util.collectGatherOpShapeInfo(n,o,u,a),h=b.sizeFromShape(o.shape),c=[],d=B({inputs:{x:n},backend:r,attrs:{shape:[l.batchSize,l.outerSize,l.dimSize,l.sliceSize]}}),p=B({inputs:{x:o},backend:r,attrs:{shape:[l.batchSize,h/l.batchSize]}});c.push(d),c.push(p);const f=[l.batchSize,l.outerSize,h/l.batchSize,l.sliceSize];if(r.shouldExecuteOnCPU([n,o])){const x=r.tensorMap.get(p.dataId).values,S=ue(p.shape,p.dtype,x),R=r.tensorMap.get(d.dataId).values,E=ue(d.shape,d.dtype,R),M=rx(E,S,f);return c.forEach(z=>r.disposeData(z.dataId)),r.makeTensorInfo(l.outputShape,M.dtype,M.values)}const g=new GS(d.shape,f),m=r.runWebGPUProgram(g,[d,p],d.dtype);c.push(m);const w=B({inputs:{x:m},backend:r,attrs:{shape:l.outputShape}});return c.forEach(y=>r.disposeData(y.dataId)),w}var HS={kernelName:wc,backendName:"webgpu",kernelFunc:Ga},KS=de({opType:U.GREATER,cpuKernelImpl:nx,dtype:"bool"}),jS={kernelName:Wn,backendName:"webgpu",kernelFunc:KS},XS=de({opType:U.GREATER_EQUAL,dtype:"bool",cpuKernelImpl:sx}),QS={kernelName:Un,backendName:"webgpu",kernelFunc:XS};function YS(e){const{inputs:t,backend:r}=e,{input:s}=t;return Va(s,!0,r)}var ZS={kernelName:xc,backendName:"webgpu",kernelFunc:YS},JS=H({opType:P.IS_FINITE,dtype:"bool"}),e2={kernelName:bc,backendName:"webgpu",kernelFunc:JS},t2=H({opType:P.IS_INF,dtype:"bool"}),r2={kernelName:Sc,backendName:"webgpu",kernelFunc:t2},s2=H({opType:P.IS_NAN,dtype:"bool"}),n2={kernelName:Cc,backendName:"webgpu",kernelFunc:s2};function o2(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{alpha:o}=s,i=[{type:"float32",data:[o]}],a=new _t(n.shape,P.LEAKYRELU,"alpha : f32,");return r.runWebGPUProgram(a,[n],"float32",i)}var i2={kernelName:Vn,backendName:"webgpu",kernelFunc:o2},a2=de({opType:U.LESS,dtype:"bool",cpuKernelImpl:ix}),u2={kernelName:Gn,backendName:"webgpu",kernelFunc:a2},l2=de({opType:U.LESS_EQUAL,dtype:"bool",cpuKernelImpl:ox}),c2={kernelName:qn,backendName:"webgpu",kernelFunc:l2},d2=class{constructor(e){this.variableNames=[],this.outputShape=[],this.uniforms="start : f32, step : f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=[e],this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="linSpace"}getUserCode(){return`
      ${D("index")} {
        if (index < uniforms.size) {
          setOutputAtIndex(index, uniforms.start + f32(index) * uniforms.step);
        }
      }
    `}};function h2(e){const{backend:t,attrs:r}=e,{start:s,stop:n,num:o}=r,i=(n-s)/(o-1),a=new d2(o),u=[{type:"float32",data:[s]},{type:"float32",data:[i]}];return t.runWebGPUProgram(a,[],"float32",u)}var p2={kernelName:Ic,backendName:"webgpu",kernelFunc:h2},f2=H({opType:P.LOG,cpuKernelImpl:ax}),m2={kernelName:Hn,backendName:"webgpu",kernelFunc:f2},g2=H({opType:P.LOG1P}),w2={kernelName:kc,backendName:"webgpu",kernelFunc:g2},v2=de({opType:U.LOGICAL_AND,dtype:"bool"}),x2={kernelName:$c,backendName:"webgpu",kernelFunc:v2},y2=H({opType:P.LOGICAL_NOT}),b2={kernelName:Rc,backendName:"webgpu",kernelFunc:y2},S2=de({opType:U.LOGICAL_OR}),C2={kernelName:Pc,backendName:"webgpu",kernelFunc:S2},qa=`
  var powValue = 0.0;
  let basis = uniforms.bias + uniforms.alpha * sum;
  if (uniforms.beta == 0.5) {
    powValue = inverseSqrt(basis);
  } else if (uniforms.beta == 1.0) {
    powValue = 1.0 / basis;
  } else {
    powValue = exp(log(basis) * (-uniforms.beta));
  }
`,I2=class{constructor(e){this.outputShape=[],this.variableNames=["x"],this.uniforms="radius : i32, bias : f32, alpha : f32, beta : f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="lrn"}getUserCode(){return`
    ${D("index")} {
      if (index < uniforms.size) {
        let coords = getOutputCoords();
        let b = coords[0];
        let r = coords[1];
        let c = coords[2];
        let d = coords[3];

        let x = getX(b, r, c, d);
        var sum = 0.0;
        for (var i = -uniforms.radius; i <= uniforms.radius; i = i + 1) {
          let idx = d + i;
          if (idx >= 0 && idx < uniforms.xShape[3]) {
            let z = getX(b, r, c, idx);
            sum = sum + z * z;
          }
        }
        ${qa}

        setOutputAtIndex(index, x * powValue);
      }
    }
  `}},k2=class{constructor(e,t){this.outputShape=[],this.variableNames=["x"],this.uniforms="radius : i32, bias : f32, alpha : f32, beta : f32,",this.workgroupSize=[256,1,1],this.maxAllowRadius=16,b.assert(t<=this.maxAllowRadius,()=>`Radius must be less than or equal to ${this.maxAllowRadius}, current radius is ${t}`),this.outputShape=e,this.elementsPerWorkgroup=this.workgroupSize[0]-2*this.maxAllowRadius,this.dispatchLayout={x:[3],y:[2],z:[0,1]},this.dispatch=N(this.dispatchLayout,this.outputShape,[this.elementsPerWorkgroup,this.workgroupSize[1],this.workgroupSize[2]]),this.shaderKey="lrn_shared"}getUserCode(){return`
    var <workgroup>lrnSub: array<f32, ${this.workgroupSize[0]}>;
    const elementsPerWorkgroup = ${this.elementsPerWorkgroup};
    const maxAllowRadius = ${this.maxAllowRadius};

    ${D()} {
      let localDepth = i32(localId.x);
      let workgroupDepth = i32(workgroupId.x) * elementsPerWorkgroup;
      let xDepth = workgroupDepth + localDepth - maxAllowRadius;
      let b = i32(globalId.z) / uniforms.xShape[1];
      let r = i32(globalId.z) - b * uniforms.xShape[1];
      let c = i32(globalId.y);
      let d = workgroupDepth + localDepth;

      var x = 0.0;
      if (xDepth >= 0 && xDepth < uniforms.xShape[3]) {
        x = getX(b, r, c, xDepth);
      }
      lrnSub[localDepth] = x;
      workgroupBarrier();

      if (localDepth < elementsPerWorkgroup && d < uniforms.outShape[3]) {
        var sum = 0.0;
        let index = localDepth + maxAllowRadius;
        for (var i = -uniforms.radius; i <= uniforms.radius; i = i + 1) {
          let z = lrnSub[index + i];
          sum = sum + z * z;
        }
        ${qa}

        setOutputAtCoords(b, r, c, d, lrnSub[index] * powValue);
      }
    } `}};function $2(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{depthRadius:o,bias:i,alpha:a,beta:u}=s;let l;o>16?l=new I2(n.shape):l=new k2(n.shape,o);const h=[{type:"int32",data:[o]},{type:"float32",data:[i]},{type:"float32",data:[a]},{type:"float32",data:[u]}];return r.runWebGPUProgram(l,[n],n.dtype,h)}var R2={kernelName:Ac,backendName:"webgpu",kernelFunc:$2},P2=class{constructor(e){this.outputShape=[],this.variableNames=["inputImage","outputImage","dy"],this.uniforms="depthRadius : i32, bias : f32, alpha : f32, beta : f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="lrn_grad"}getUserCode(){return`
    ${D("index")} {
      if (index < uniforms.size) {
        let coords = getOutputCoords();
        let b = coords[0];
        let r = coords[1];
        let c = coords[2];

        let MIN_DEPTH_BEGIN = 0;
        let MAX_DEPTH_END = uniforms.outShape[3];
        var result = 0.0;
        for (var d = MIN_DEPTH_BEGIN; d < MAX_DEPTH_END; d++) {
          let depthBegin = max(MIN_DEPTH_BEGIN, d - uniforms.depthRadius);
          let depthEnd = min(MAX_DEPTH_END, d + uniforms.depthRadius + 1);

          var norm = 0.0;
          for (var k = MIN_DEPTH_BEGIN; k < MAX_DEPTH_END; k++) {
            if (k < depthBegin) {
              continue;
            } else if (k >= depthBegin && k < depthEnd) {
              norm += getInputImage(b, r, c, k) * getInputImage(b, r, c, k);
            } else {
              break;
            }
          }

          norm = uniforms.alpha * norm + uniforms.bias;

          for (var k = MIN_DEPTH_BEGIN; k < MAX_DEPTH_END; k++) {
            if (k < depthBegin) {
              continue;
            } else if (k >= depthBegin && k < depthEnd) {
              var dyi = -2.0 * uniforms.alpha * uniforms.beta
                * getInputImage(b, r, c, k) * getOutputImage(b, r, c, d) / norm;
              if (k == d) {
                dyi += pow(norm, -1.0 * uniforms.beta);
              }
              if (k == coords[3]) {
                dyi *= getDy(b, r, c, d);
                result += dyi;
              }
            } else {
              break;
            }
          }
        }

        setOutputAtIndex(index, result);
      }
    }
  `}};function A2(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,y:o,dy:i}=t,{depthRadius:a,bias:u,alpha:l,beta:h}=s,c=new P2(n.shape),d=[{type:"int32",data:[a]},{type:"float32",data:[u]},{type:"float32",data:[l]},{type:"float32",data:[h]}];return r.runWebGPUProgram(c,[n,o,i],n.dtype,d)}var E2={kernelName:Ec,backendName:"webgpu",kernelFunc:A2},D2=de({opType:U.MAX,cpuKernelImpl:lx}),N2={kernelName:cs,backendName:"webgpu",kernelFunc:D2};function T2(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{filterSize:o,strides:i,pad:a,dimRoundingMode:u}=s,h=I.computePool2DInfo(n.shape,o,i,1,a,u);return Pa(n,h,"max",r)}var F2={kernelName:Nc,backendName:"webgpu",kernelFunc:T2};function M2(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{filterSize:o,strides:i,pad:a,dataFormat:u,dimRoundingMode:l}=s,h=[1,1,1],c=I.computePool3DInfo(n.shape,o,i,h,a,l,u),d=new Js(c,"max"),p=[{type:"int32",data:[c.strideDepth,c.strideHeight,c.strideWidth]},{type:"int32",data:[c.padInfo.front,c.padInfo.top,c.padInfo.left]},{type:"int32",data:[c.inDepth,c.inHeight,c.inWidth]},{type:"int32",data:[c.effectiveFilterDepth,c.effectiveFilterHeight,c.effectiveFilterWidth]}];return r.runWebGPUProgram(d,[n],n.dtype,p)}var z2={kernelName:Fc,backendName:"webgpu",kernelFunc:M2},B2=class{constructor(e){this.variableNames=["dy","maxPos"],this.uniforms=`strides : vec2<i32>, pads : vec2<i32>, dilations : vec2<i32>, filterDims : vec2<i32>,
       outHeight : i32, outWidth : i32`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.inShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="maxPool2DBackprop"}getUserCode(){return`
      ${D("index")} {
      if (index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let batch = coords[0];
        let d = coords[3];

        let dyRCCorner = vec2<i32>(coords.yz) - uniforms.pads;
        let dyRCorner = dyRCCorner.x;
        let dyCCorner = dyRCCorner.y;

        // Convolve dy(?, ?, d) with pos mask(:, :, d) to get dx(xR, xC, d).
        // ? = to be determined. : = across all values in that axis.
        var dotProd = 0.0;
        let lastIndex = uniforms.filterDims[0] * uniforms.filterDims[1] - 1;
        for (var wR = 0; wR < uniforms.filterDims[0]; wR += uniforms.dilations[0]) {
          let dyR = f32(dyRCorner + wR) / f32(uniforms.strides[0]);

          if (dyR < 0.0 || dyR >= f32(uniforms.outHeight) || fract(dyR) > 0.0) {
            continue;
          }
          let idyR = i32(dyR);

          for (var wC = 0; wC < uniforms.filterDims[1]; wC += uniforms.dilations[1]) {
            let dyC = f32(dyCCorner + wC) / f32(uniforms.strides[1]);

            if (dyC < 0.0 || dyC >= f32(uniforms.outWidth) || fract(dyC) > 0.0) {
              continue;
            }
            let idyC = i32(dyC);

            let dyValue = getDy(batch, idyR, idyC, d);
            let maxPosValue = lastIndex - i32(getMaxPos(batch, idyR, idyC, d));

            // Get the current value, check it against the value from the
            // position matrix.
            let curPosValue = wR * uniforms.filterDims[1] + wC;
            let mask = select(0.0, 1.0, maxPosValue == curPosValue);
            dotProd += dyValue * mask;
          }
        }
        setOutputAtIndex(index, dotProd);
      }
    }
    `}},_2=class{constructor(e){this.variableNames=["dy","maxPos"],this.uniforms=`strides : vec3<i32>, pads : vec3<i32>, filterDims : vec3<i32>,
      outDepth : i32, outHeight : i32, outWidth : i32`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e.inShape,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="maxPool3DBackprop"}getUserCode(){return`
      ${D("index")} {
      if (index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
        let batch = coords.x;
        let ch = coords.u;

        let dyCorner = vec3<i32>(coords.y, coords.z, coords.w) - uniforms.pads;
        let dyDCorner = dyCorner.x;
        let dyRCorner = dyCorner.y;
        let dyCCorner = dyCorner.z;

        // Convolve dy(?, ?, ?, ch) with pos mask(:, :, :, d) to get
        // dx(xD, xR, xC, ch).
        // ? = to be determined. : = across all values in that axis.
        var dotProd = 0.0;
        let lastIndex = uniforms.filterDims[0] * uniforms.filterDims[1] * uniforms.filterDims[2] - 1;

        for (var wD = 0; wD < uniforms.filterDims[0]; wD++) {
          let dyD = f32(dyDCorner + wD) / f32(uniforms.strides[0]);

          if (dyD < 0.0 || dyD >= f32(uniforms.outDepth) || fract(dyD) > 0.0) {
            continue;
          }
          let idyD = i32(dyD);

          for (var wR = 0; wR < uniforms.filterDims[1]; wR++) {
            let dyR = f32(dyRCorner + wR) / f32(uniforms.strides[1]);

            if (dyR < 0.0 || dyR >= f32(uniforms.outHeight) || fract(dyR) > 0.0) {
              continue;
            }
            let idyR = i32(dyR);

            for (var wC = 0; wC < uniforms.filterDims[2]; wC++) {
              let dyC = f32(dyCCorner + wC) / f32(uniforms.strides[2]);

              if (dyC < 0.0 || dyC >= f32(uniforms.outWidth) || fract(dyC) > 0.0) {
                continue;
              }
              let idyC = i32(dyC);

              let dyValue = getDy(batch, idyD, idyR, idyC, ch);
              let maxPosValue = lastIndex - i32(getMaxPos(batch, idyD, idyR, idyC, ch));

              // Get the current value, check it against the value from the
              // position matrix.
              let curPosValue = wD * uniforms.filterDims[1] * uniforms.filterDims[2] + wR * uniforms.filterDims[2] + wC;
              let mask = select(0.0, 1.0, maxPosValue == curPosValue);
              dotProd += dyValue * mask;
            }
          }
        }

        setOutputAtIndex(index, dotProd);
      }
    }
    `}};function O2(e){const{inputs:t,backend:r,attrs:s}=e,{dy:n,input:o}=t,i=o,{filterSize:a,strides:u,pad:l,dimRoundingMode:h}=s,c=[1,1,1],d=I.computePool3DInfo(i.shape,a,u,c,l,h),p=new Js(d,"max",!0);let f=[{type:"int32",data:[d.strideDepth,d.strideHeight,d.strideWidth]},{type:"int32",data:[d.padInfo.front,d.padInfo.top,d.padInfo.left]},{type:"int32",data:[d.inDepth,d.inHeight,d.inWidth]},{type:"int32",data:[d.effectiveFilterDepth,d.effectiveFilterHeight,d.effectiveFilterWidth]}];const g=r.runWebGPUProgram(p,[i],"int32",f),m=new _2(d);f=[{type:"int32",data:[d.strideDepth,d.strideHeight,d.strideWidth]},{type:"int32",data:[d.effectiveFilterDepth-1-d.padInfo.front,d.effectiveFilterHeight-1-d.padInfo.top,d.effectiveFilterWidth-1-d.padInfo.left]},{type:"int32",data:[d.effectiveFilterDepth,d.effectiveFilterHeight,d.effectiveFilterWidth]},{type:"int32",data:[d.outDepth]},{type:"int32",data:[d.outHeight]},{type:"int32",data:[d.outWidth]}];const w=r.runWebGPUProgram(m,[n,g],i.dtype,f);return r.disposeData(g.dataId),w}var L2={kernelName:Mc,backendName:"webgpu",kernelFunc:O2};function W2(e){const{inputs:t,backend:r,attrs:s}=e,{dy:n,input:o,output:i}=t,a=o;Gi([o,i],"maxPoolGrad");const{filterSize:u,strides:l,pad:h,dimRoundingMode:c}=s,d=I.computePool2DInfo(a.shape,u,l,1,h,c),p=new ar(d,"max",!0);let f=[{type:"int32",data:[d.strideHeight,d.strideWidth]},{type:"int32",data:[d.padInfo.top,d.padInfo.left]},{type:"int32",data:[d.dilationHeight,d.dilationWidth]},{type:"int32",data:[d.inHeight,d.inWidth]},{type:"int32",data:[d.effectiveFilterHeight,d.effectiveFilterWidth]}];const g=r.runWebGPUProgram(p,[a],"int32",f),m=new B2(d);f=[{type:"int32",data:[d.strideHeight,d.strideWidth]},{type:"int32",data:[d.effectiveFilterHeight-1-d.padInfo.top,d.effectiveFilterWidth-1-d.padInfo.left]},{type:"int32",data:[d.dilationHeight,d.dilationWidth]},{type:"int32",data:[d.effectiveFilterHeight,d.effectiveFilterWidth]},{type:"int32",data:[d.outHeight]},{type:"int32",data:[d.outWidth]}];const w=r.runWebGPUProgram(m,[n,g],a.dtype,f);return r.disposeData(g.dataId),w}var U2={kernelName:Tc,backendName:"webgpu",kernelFunc:W2};function V2(e){const{inputs:t,backend:r,attrs:s}=e,{filterSize:n,strides:o,pad:i,includeBatchInIndex:a}=s,{x:u}=t;b.assert(u.shape.length===4,()=>`Error in maxPool: input must be rank 4 but got rank ${u.shape.length}.`);const l=[1,1];b.assert(I.eitherStridesOrDilationsAreOne(o,l),()=>`Error in maxPool: Either strides or dilations must be 1. Got strides ${o} and dilations '${l}'`);const h=I.computePool2DInfo(u.shape,n,o,l,i),c=[{type:"int32",data:[h.strideHeight,h.strideWidth]},{type:"int32",data:[h.padInfo.top,h.padInfo.left]},{type:"int32",data:[h.dilationHeight,h.dilationWidth]},{type:"int32",data:[h.inHeight,h.inWidth]},{type:"int32",data:[h.effectiveFilterHeight,h.effectiveFilterWidth]}];let d=new ar(h,"max",!1);const p=r.runWebGPUProgram(d,[u],u.dtype,c);d=new ar(h,"max",!0,!0,a);const f=r.runWebGPUProgram(d,[u],"int32",c);return[p,f]}var G2={kernelName:zc,backendName:"webgpu",kernelFunc:V2};function q2(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{axis:o,keepDims:i}=s;return vt(n,o,i,"min",r)}var H2={kernelName:_c,backendName:"webgpu",kernelFunc:q2},K2=de({opType:U.MIN,cpuKernelImpl:cx}),j2={kernelName:Kn,backendName:"webgpu",kernelFunc:K2},X2=class{constructor(e,t,r){this.uniforms="",this.variableNames=["x"],this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=t.map((s,n)=>s[0]+e[n]+s[1]),this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.xShape=e,t.map((s,n)=>{this.uniforms+=` pad${n} : vec2<i32>,`}),this.offset=r==="reflect"?0:1,this.shaderKey=`mirrorPad_${r}`}getUserCode(){const e=this.xShape.length,t=this.xShape.map((u,l)=>`uniforms.pad${l}[0]`).join(","),r=this.xShape.map((u,l)=>`uniforms.pad${l}[0] + uniforms.xShape${e>1?`[${l}]`:""}`).join(","),s=e===1?"start":"start[i]",n=e===1?"end":"end[i]",o=e===1?"outC":"outC[i]",i=re(e),a=e>1?["coords[0]","coords[1]","coords[2]","coords[3]"].slice(0,e):"coords";return`
      ${D("index")} {
        if (index < uniforms.size) {
          let start = ${i}(${t});
          let end = ${i}(${r});
          var outC = getCoordsFromIndex(index);
          for (var i = 0; i < ${e}; i = i + 1) {
            if (${o} < ${s}) {
              ${o} = ${s} * 2 - ${o} - ${this.offset};
            } else if(${o} >= ${n}) {
              ${o} = (${n} - 1) * 2 - ${o} + ${this.offset};
            }
          }
          let coords = outC - start;
          setOutputAtIndex(index, getX(${a}));
        }
      }
    `}},Q2={kernelName:Oc,backendName:"webgpu",kernelFunc:({inputs:e,attrs:t,backend:r})=>{const{x:s}=e,{paddings:n,mode:o}=t,i=r,a=n.map(h=>({type:"int32",data:[h[0],h[1]]})),u=new X2(s.shape,n,o);return i.runWebGPUProgram(u,[s],s.dtype,a)}},Y2=de({opType:U.MOD}),Z2={kernelName:Lc,backendName:"webgpu",kernelFunc:Y2},J2=class{constructor(e,t){this.variableNames=["probs"],this.outputShape=[],this.uniforms="seed : f32, numOutcomes: i32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=[e,t],this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="multinomial"}getUserCode(){return`
    //Based on the work of Dave Hoskins
    //https://www.shadertoy.com/view/4djSRW
    fn random (seed : f32, resultUV : vec2<f32>) -> f32 {
      let HASHSCALE1 = 443.8975;
      let p = resultUV * seed;
      var p3  = fract(vec3<f32>(p.xyx) * HASHSCALE1);
      p3 = p3 + dot(p3, p3.yzx + 19.19);
      return fract((p3.x + p3.y) * p3.z);
    }

    ${D("index")} {
      if (index < uniforms.size) {
        let coords = getOutputCoords();
        let batch = coords[0];

        let resUV = vec2<f32>(f32(coords[1]) / f32(uniforms.outShape[1]),
            f32(coords[0]) / f32(uniforms.outShape[0]));
        let r = random(uniforms.seed, resUV);
        var cdf = 0.0;
        for (var i = 0; i < uniforms.numOutcomes - 1; i = i + 1) {
          cdf = cdf + getProbs(batch, i);

          if (r < cdf) {
            setOutputAtIndexI32(index, i);
            return;
          }
        }

        // If no other event happened, last event happened.
        setOutputAtIndexI32(index, uniforms.numOutcomes - 1);
      }
    }
  `}},e0=class{constructor(e){this.variableNames=["logits"],this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=[this.outputShape[0],1,1],this.outputShape[1]>=4096?this.workgroupSize=[256,1,1]:this.workgroupSize=[64,1,1],this.shaderKey="softmax"}getUserCode(){return`
    var<workgroup> buf : array<f32, ${this.workgroupSize[0]}>;
    var<workgroup> rowMaxShared : f32;
    var<workgroup> rowSumShared : f32;
    const blockSize = ${this.workgroupSize[0]};
    ${D("index")} {
      let row = index / blockSize;
      let tid = i32(localId.x);
      let cols = uniforms.outShape[1];

      var threadMax = -3.402823e+38f;
      for (var col = tid; col < cols; col += blockSize) {
        let value = getLogits(row, col);
        threadMax = max(threadMax, value);
      }
      if (tid < cols) {
        buf[tid] = threadMax;
      }
      workgroupBarrier();

      var reduceSize = min(cols, blockSize);
      for (var currSize = reduceSize >> 1;  currSize > 0; currSize = reduceSize >> 1) {
        reduceSize = currSize + (reduceSize & 1);
        if (tid < currSize) {
          buf[tid] = max(buf[tid], buf[tid + reduceSize]);
        }
        workgroupBarrier();
      }

      if (tid == 0) {
        rowMaxShared = buf[0];
      }
      workgroupBarrier();

      var threadSum = 0.0;
      for (var col = tid; col < cols; col += blockSize) {
        let subExp = exp(getLogits(row, col) - rowMaxShared);
        threadSum += subExp;
      }
      buf[tid] = threadSum;
      workgroupBarrier();

      for (var currSize = blockSize >> 1;  currSize > 0; currSize = currSize >> 1) {
        if (tid < currSize) {
          buf[tid] = buf[tid] + buf[tid + currSize];
        }
        workgroupBarrier();
      }

      if (tid == 0) {
        rowSumShared = buf[0];
      }
      workgroupBarrier();

      for (var col = tid; col < cols; col += blockSize) {
        let value = exp(getLogits(row, col) - rowMaxShared) / rowSumShared;
        setOutputAtCoords(row, col, value);
      }
  }
    `}};function Ha(e){const{inputs:t,backend:r,attrs:s}=e,{logits:n}=t,{dim:o}=s,i=B({inputs:{x:n},backend:r,attrs:{shape:[b.sizeFromShape(n.shape)/n.shape[o],n.shape[o]]}}),a=new e0(i.shape),u=r.runWebGPUProgram(a,[i],n.dtype),l=B({inputs:{x:u},backend:r,attrs:{shape:n.shape}});return r.disposeData(i.dataId),r.disposeData(u.dataId),l}var t0={kernelName:wd,backendName:"webgpu",kernelFunc:Ha};function r0(e){const{inputs:t,backend:r,attrs:s}=e,{logits:n}=t,{numSamples:o,seed:i,normalized:a}=s,u=a?n:Ha({inputs:{logits:n},backend:r,attrs:{dim:n.shape.length-1}}),l=u.shape[0],h=u.shape[1],c=new J2(l,o),d=[{type:"float32",data:[i]},{type:"int32",data:[h]}],p=r.runWebGPUProgram(c,[u],"int32",d);return a||r.disposeData(u.dataId),p}var s0={kernelName:Wc,backendName:"webgpu",kernelFunc:r0};function n0(e){const{inputs:t,backend:r}=e,{x:s}=t;if(r.shouldExecuteOnCPU([s])){const o=r.tensorMap.get(s.dataId),[i,a]=hx(o.values,s.shape,s.dtype);return r.makeTensorInfo(a,s.dtype,i)}const n=new _t(s.shape,P.NEG);return r.runWebGPUProgram(n,[s],s.dtype)}var o0={kernelName:Uc,backendName:"webgpu",kernelFunc:n0};function i0(e){console.warn("tf.nonMaxSuppression() in webgpu locks the UI thread. Call tf.nonMaxSuppressionAsync() instead");const{inputs:t,backend:r,attrs:s}=e,{boxes:n,scores:o}=t,{maxOutputSize:i,iouThreshold:a,scoreThreshold:u}=s,l=r.readSync(n.dataId),h=r.readSync(o.dataId),{selectedIndices:c}=Us.nonMaxSuppressionV3Impl(l,h,i,a,u);return r.makeTensorInfo([c.length],"int32",new Int32Array(c))}var a0={kernelName:Vc,backendName:"webgpu",kernelFunc:i0};function u0(e){console.warn("tf.nonMaxSuppression() in webgpu locks the UI thread. Call tf.nonMaxSuppressionAsync() instead");const{inputs:t,backend:r,attrs:s}=e,{boxes:n,scores:o}=t,{maxOutputSize:i,iouThreshold:a,scoreThreshold:u,softNmsSigma:l}=s,h=r.readSync(n.dataId),c=r.readSync(o.dataId),d=i,p=a,f=u,g=l,{selectedIndices:m,selectedScores:w}=Us.nonMaxSuppressionV5Impl(h,c,d,p,f,g);return[r.makeTensorInfo([m.length],"int32",new Int32Array(m)),r.makeTensorInfo([w.length],"float32",new Float32Array(w))]}var l0={kernelName:Gc,backendName:"webgpu",kernelFunc:u0},c0=class{constructor(e,t){this.variableNames=["x"],this.uniforms="onValue : f32, offValue : f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=[e,t],this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="onehot"}getUserCode(){return`
      ${D("index")} {
        if(index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          setOutputAtIndex(index, mix(uniforms.offValue, uniforms.onValue,
                                      f32(i32(round(getX(coords.x))) == coords.y)));
        }
      }
    `}};function d0(e){const{inputs:t,backend:r,attrs:s}=e,{indices:n}=t,{dtype:o,depth:i,onValue:a,offValue:u}=s,l=b.sizeFromShape(n.shape),h=new c0(l,i),c=B({inputs:{x:n},backend:r,attrs:{shape:[l]}}),d=[{type:"float32",data:[a]},{type:"float32",data:[u]}],p=r.runWebGPUProgram(h,[c],o,d);r.disposeData(c.dataId);const f=[...n.shape,i],g=B({inputs:{x:p},backend:r,attrs:{shape:f}});return r.disposeData(p.dataId),g}var h0={kernelName:Hc,backendName:"webgpu",kernelFunc:d0};function Hr(e){const{inputs:t,backend:r}=e,{x:s}=t;if(s.dtype==="complex64"){const n=ur({inputs:{input:s},backend:r}),o=Hr({inputs:{x:n},backend:r}),i=Gr({inputs:{input:s},backend:r}),a=Hr({inputs:{x:i},backend:r}),u=wt({inputs:{real:o,imag:a},backend:r});return r.disposeData(n.dataId),r.disposeData(o.dataId),r.disposeData(i.dataId),r.disposeData(a.dataId),u}else return we({attrs:{shape:s.shape,dtype:s.dtype,value:s.dtype==="string"?"":0},backend:r})}var p0={kernelName:no,backendName:"webgpu",kernelFunc:Hr};function Ka(e){const{inputs:t,backend:r}=e,{x:s}=t;if(s.dtype==="string")throw new Error("onesLike is not supported under string dtype");if(s.dtype==="complex64"){const n=ur({inputs:{input:s},backend:r}),o=Ka({inputs:{x:n},backend:r}),i=Gr({inputs:{input:s},backend:r}),a=Hr({inputs:{x:i},backend:r}),u=wt({inputs:{real:o,imag:a},backend:r});return r.disposeData(n.dataId),r.disposeData(o.dataId),r.disposeData(i.dataId),r.disposeData(a.dataId),u}else return we({attrs:{shape:s.shape,dtype:s.dtype,value:1},backend:r})}var f0={kernelName:qc,backendName:"webgpu",kernelFunc:Ka};function m0(e){const{inputs:t,backend:r,attrs:s}=e,{axis:n}=s;if(t.length===1)return rn({inputs:{input:t[0]},backend:r,attrs:{dim:n}});const o=t[0].shape,i=t[0].dtype;t.forEach(h=>{b.assertShapesMatch(o,h.shape,"All tensors passed to stack must have matching shapes"),b.assert(i===h.dtype,()=>"All tensors passed to stack must have matching dtypes")});const a=[],u=t.map(h=>{const c=rn({inputs:{input:h},backend:r,attrs:{dim:n}});return a.push(c),c}),l=Na({inputs:u,backend:r,attrs:{axis:n}});return a.forEach(h=>r.disposeData(h.dataId)),l}var g0={kernelName:Kc,backendName:"webgpu",kernelFunc:m0};function ja(e,t=!1){const r=e.length,s=re(r),n=e.map((c,d)=>`uniforms.pad${d}[0]`).join(","),o=e.map((c,d)=>`uniforms.pad${d}[0] + uniforms.xShape${r>1?`[${d}]`:""}`).join(","),i=r>1?`${s}(${n})`:`${n}`,a=r>1?`${s}(${o})`:`${o}`,u=r>1?"any(paddedCoords < start)":"paddedCoords < start",l=r>1?"any(paddedCoords >= end)":"paddedCoords >= end",h=r>1?["coords[0]","coords[1]","coords[2]","coords[3]"].slice(0,r):"coords";return`
        let start = ${i};
        let end = ${a};
        if (${u} || ${l}) {
          setOutputAtIndex(index, ${t?0:"uniforms.constantValue"});
        } else {
          let coords = paddedCoords - start;
          setOutputAtIndex(index, getX(${h}));
        }
  `}var w0=class{constructor(e,t){this.variableNames=["x"],this.uniforms="constantValue : f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=t.map((r,s)=>r[0]+e[s]+r[1]),this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),t.map((r,s)=>{this.uniforms+=` pad${s} : vec2<i32>,`}),this.xShape=e,this.shaderKey="pad"}getUserCode(){return`
      ${D("index")} {
        if (index < uniforms.size) {
          let paddedCoords = getCoordsFromIndex(index);
          ${ja(this.xShape)}
        }
      }
    `}},v0=e=>{const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{paddings:o,constantValue:i}=s;if(o.every(l=>b.arraysEqual(l,[0,0])))return be({inputs:{x:n},backend:r});if(b.sizeFromShape(n.shape)===0){const l=o.map((h,c)=>h[0]+n.shape[c]+h[1]);return we({backend:r,attrs:{shape:l,value:i,dtype:n.dtype}})}const a=[{type:"float32",data:[i]}];o.map(l=>a.push({type:"int32",data:[l[0],l[1]]}));const u=new w0(n.shape,o);return r.runWebGPUProgram(u,[n],n.dtype,a)},x0={kernelName:jc,backendName:"webgpu",kernelFunc:v0},y0=de({opType:U.POW}),b0={kernelName:Xn,backendName:"webgpu",kernelFunc:y0};function S0(e){const{inputs:t,backend:r}=e,{x:s,alpha:n}=t,o=new Ur(U.PRELU,s.shape,n.shape);return r.runWebGPUProgram(o,[s,n],"float32")}var C0={kernelName:Qn,backendName:"webgpu",kernelFunc:S0};function I0(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{axis:o,keepDims:i}=s;return vt(n,o,i,"prod",r)}var k0={kernelName:Xc,backendName:"webgpu",kernelFunc:I0},$0=e=>{const{backend:t,attrs:r}=e,{start:s,stop:n,step:o,dtype:i}=r,a=mx(s,n,o,i);return t.makeTensorInfo([a.length],i,a)},R0={kernelName:Qc,backendName:"webgpu",kernelFunc:$0},P0=de({opType:U.DIV}),A0={kernelName:Fn,backendName:"webgpu",kernelFunc:P0},E0=H({opType:P.RECIPROCAL}),D0={kernelName:Zc,backendName:"webgpu",kernelFunc:E0},N0=H({opType:P.RELU}),T0={kernelName:Yn,backendName:"webgpu",kernelFunc:N0},F0=H({opType:P.RELU6}),M0={kernelName:Jn,backendName:"webgpu",kernelFunc:F0},z0=class{constructor(e,t,r){this.variableNames=["x"],this.uniforms="adjustHeightWidth : vec2<f32>, halfPixelCenters : f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=[e[0],t,r,e[3]],this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="resizeBilinear"}getUserCode(){return`
      ${D("index")} {
        if (index < uniforms.size) {
        let coords = getCoordsFromIndex(index);
          let b = coords[0];
          let d = coords[3];
          let rc = coords.yz;

          let effectiveInSize = vec2<f32>(
            f32(uniforms.xShape.y) - uniforms.adjustHeightWidth[0],
            f32(uniforms.xShape.z) - uniforms.adjustHeightWidth[1]);

          let effectiveOutSize = vec2<f32>(
            f32(uniforms.outShape.y) - uniforms.adjustHeightWidth[0],
            f32(uniforms.outShape.z) - uniforms.adjustHeightWidth[1]);

          let effectiveInputOverOutputRatioRC =
              effectiveInSize / effectiveOutSize;

          // Fractional source index
          let sourceFracIndexRC =
            (vec2<f32>(rc) + vec2<f32>(uniforms.halfPixelCenters)) *
            effectiveInputOverOutputRatioRC - vec2<f32>(uniforms.halfPixelCenters);

          // Compute the four integer indices.
          let sourceFloorRC = vec2<i32>(sourceFracIndexRC);
          let sourceCeilRC = vec2<i32>(
            min(vec2<f32>(uniforms.xShape.yz) - vec2<f32>(1.0), ceil(sourceFracIndexRC)));

          let topLeft = getX(b, sourceFloorRC.x, sourceFloorRC.y, d);
          let bottomLeft = getX(b, sourceCeilRC.x, sourceFloorRC.y, d);
          let topRight = getX(b, sourceFloorRC.x, sourceCeilRC.y, d);
          let bottomRight = getX(b, sourceCeilRC.x, sourceCeilRC.y, d);

          let fracRC = sourceFracIndexRC - vec2<f32>(sourceFloorRC);

          let top = topLeft + (topRight - topLeft) * fracRC.y;
          let bottom = bottomLeft + (bottomRight - bottomLeft) * fracRC.y;
          let newValue = top + (bottom - top) * fracRC.x;

          setOutputAtIndex(index, newValue);
        }
      }
    `}};function B0(e){const{inputs:t,backend:r,attrs:s}=e,{images:n}=t,{alignCorners:o,size:i,halfPixelCenters:a}=s,[u,l]=i,h=o&&u>1?1:0,c=o&&l>1?1:0,p=[{type:"float32",data:[h,c]},{type:"float32",data:[a?.5:0]}],f=new z0(n.shape,u,l);return r.runWebGPUProgram(f,[n],"float32",p)}var _0={kernelName:td,backendName:"webgpu",kernelFunc:B0},O0=class{constructor(e,t){this.variableNames=["dy"],this.uniforms=`effectiveXSize : vec2<i32>, effectiveYSize : vec2<i32>, heightScale : f32, widthScale : f32,
       invHeightScale : f32, invWidthScale : f32, winHeight : i32, winWidth : i32,`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.alignCorners=t,this.shaderKey=`resizeBilinearBackprop_${t}`}getUserCode(){return`
      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getOutputCoords();
          let b = coords[0];
          let d = coords[3];
          let r = coords[1];
          let c = coords[2];

          var accumulator = 0.0;

          // Compute bounds for where in dy we will look
          let startRLerp = floor(f32(r) * uniforms.invHeightScale);
          let startDyR = i32(startRLerp - f32(uniforms.winHeight / 2));

          let startCLerp = floor(f32(c) * uniforms.invWidthScale);
          let startDyC = i32(startCLerp - f32(uniforms.winWidth / 2));

          // Loop over dy
          for (var dyROffset = 0; dyROffset < uniforms.winHeight; dyROffset++) {
            let dyR = startDyR + dyROffset;

            // Guard against the window exceeding the bounds of dy
            if (dyR < 0 || dyR >= uniforms.dyShape[1]) {
              continue;
            }

            for (var dyCOffset = 0; dyCOffset < uniforms.winWidth; dyCOffset++) {
              let dyC = startDyC + dyCOffset;

              // Guard against the window exceeding the bounds of dy
              if (dyC < 0 || dyC >= uniforms.dyShape[2]) {
                continue;
              }

              let dxR = f32(dyR) * uniforms.heightScale;
              let topDxRIndex = i32(floor(dxR));
              let bottomDxRIndex = i32(min(ceil(dxR), f32(uniforms.outShape[1] - 1)));
              let dxRLerp = dxR - f32(topDxRIndex);
              let inverseDxRLerp = 1.0 - dxRLerp;

              let dxC = f32(dyC) * uniforms.widthScale;
              let leftDxCIndex = i32(floor(dxC));
              let rightDxCIndex = i32(min(ceil(dxC), f32(uniforms.outShape[2] - 1)));
              let dxCLerp = dxC - f32(leftDxCIndex);
              let inverseDxCLerp = 1.0 - dxCLerp;

              if (r == topDxRIndex && c == leftDxCIndex) {
                // topLeft
                accumulator +=
                  getDy(b, dyR, dyC, d) * inverseDxRLerp * inverseDxCLerp;
              }

              if (r == topDxRIndex && c == rightDxCIndex) {
                // topRight
                accumulator += getDy(b, dyR, dyC, d) * inverseDxRLerp * dxCLerp;
              }

              if (r == bottomDxRIndex && c == leftDxCIndex) {
                // bottomLeft
                accumulator += getDy(b, dyR, dyC, d) * dxRLerp * inverseDxCLerp;
              }

              if (r == bottomDxRIndex && c == rightDxCIndex) {
                // bottomRight
                accumulator += getDy(b, dyR, dyC, d) * dxRLerp * dxCLerp;
              }
            }
          }
          // End loop over dy

          setOutputAtIndex(index, accumulator);
        }
      }
    `}};function L0(e){const{inputs:t,backend:r,attrs:s}=e,{images:n,dy:o}=t,{alignCorners:i}=s,[,a,u]=n.shape,[,l,h]=o.shape,c=[i&&l>1?a-1:a,i&&h>1?u-1:u],d=[i&&l>1?l-1:l,i&&h>1?h-1:h],p=c[0]/d[0],f=c[1]/d[1],g=1/p,m=1/f,w=Math.ceil(g)*2+2,y=Math.ceil(m)*2+2,x=new O0(n.shape,i),S=[{type:"int32",data:c},{type:"int32",data:d},{type:"float32",data:[p]},{type:"float32",data:[f]},{type:"float32",data:[g]},{type:"float32",data:[m]},{type:"int32",data:[w]},{type:"int32",data:[y]}];return r.runWebGPUProgram(x,[o],o.dtype,S)}var W0={kernelName:rd,backendName:"webgpu",kernelFunc:L0},U0=class{constructor(e,t,r,s){this.variableNames=["x"],this.uniforms="adjustHeightWidth : vec2<f32>, roundBase : f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=[e[0],t,r,e[3]],this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.halfPixelCenters=s,this.shaderKey=`resizeNearest_${s}`}getUserCode(){let e;return this.halfPixelCenters?e="max((vec2<f32>(rc) + vec2<f32>(0.5)) * effectiveInputOverOutputRatioRC, vec2<f32>(0.0))":e="vec2<f32>(rc) * effectiveInputOverOutputRatioRC",`
      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          let b = coords[0];
          let d = coords[3];
          let rc = coords.yz;

          let effectiveInSize = vec2<f32>(
            f32(uniforms.xShape.y) - uniforms.adjustHeightWidth[0],
            f32(uniforms.xShape.z) - uniforms.adjustHeightWidth[1]);

          let effectiveOutSize = vec2<f32>(
            f32(uniforms.outShape.y) - uniforms.adjustHeightWidth[0],
            f32(uniforms.outShape.z) - uniforms.adjustHeightWidth[1]);

          let effectiveInputOverOutputRatioRC =
              effectiveInSize / effectiveOutSize;

          // Fractional source index
          let sourceFracIndexRC = ${e};

          // Compute the coordinators of nearest neighbor point.
          let inputShapeRC = vec2<f32>(f32(uniforms.xShape.y), f32(uniforms.xShape.z));
          let sourceNearestRC = vec2<i32>(
            min(inputShapeRC - 1.0, floor(sourceFracIndexRC + uniforms.roundBase)));
          let newValue = getX(b, sourceNearestRC.x, sourceNearestRC.y, d);

          setOutputAtIndex(index, newValue);
        }
      }
    `}};function V0(e){const{inputs:t,backend:r,attrs:s}=e,{images:n}=t,{alignCorners:o,halfPixelCenters:i,size:a}=s,[u,l]=a,h=o&&u>1?1:0,c=o&&l>1?1:0,p=[{type:"float32",data:[h,c]},{type:"float32",data:[o?.5:0]}],f=new U0(n.shape,u,l,i);return r.runWebGPUProgram(f,[n],n.dtype,p)}var G0={kernelName:Jc,backendName:"webgpu",kernelFunc:V0},q0=class{constructor(e,t){this.variableNames=["dy"],this.uniforms=`effectiveXSize : vec2<i32>, effectiveYSize : vec2<i32>, invHeightScale : f32, invWidthScale : f32,
       winHeight : i32, winWidth : i32,`,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.alignCorners=t,this.shaderKey=`resizeNearestNeigborBackprop_${t}`}getUserCode(){return`
      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getOutputCoords();
          let b = coords[0];
          let d = coords[3];
          let r = coords[1];
          let c = coords[2];

          var accumulator = 0.0;

          // Compute bounds for where in dy we will look
          let startRLerp = floor(f32(r) * uniforms.invHeightScale);
          let startDyR = i32(floor(startRLerp - f32(uniforms.winHeight / 2)));

          let startCLerp = floor(f32(c) * uniforms.invWidthScale);
          let startDyC = i32(floor(startCLerp - f32(uniforms.winWidth / 2)));

          // Loop over dy
          for (var dyROffset = 0; dyROffset < uniforms.winHeight; dyROffset++) {
            let dyR = startDyR + dyROffset;

            // Guard against the window exceeding the bounds of dy
            if (dyR < 0 || dyR >= uniforms.dyShape[1]) {
              continue;
            }

            for (var dyCOffset = 0; dyCOffset < uniforms.winWidth; dyCOffset++) {
              let dyC = startDyC + dyCOffset;

              // Guard against the window exceeding the bounds of dy
              if (dyC < 0 || dyC >= uniforms.dyShape[2]) {
                continue;
              }

              let sourceFracRow = f32(uniforms.effectiveXSize[0]) *
                  (f32(dyR) / f32(uniforms.effectiveYSize[0]));

              let sourceFracCol = f32(uniforms.effectiveXSize[1]) *
                  (f32(dyC) / f32(uniforms.effectiveYSize[1]));

              let sourceNearestRow =
                  i32(min(f32(uniforms.outShape[1] - 1),
                  ${this.alignCorners?"floor(sourceFracRow + 0.5)":"floor(sourceFracRow)"}));

              let sourceNearestCol =
                  i32(min(f32(uniforms.outShape[2] - 1),
                  ${this.alignCorners?"floor(sourceFracCol + 0.5)":"floor(sourceFracCol)"}));

              if (r == sourceNearestRow && c == sourceNearestCol) {
                accumulator += getDy(b, dyR, dyC, d);
              }
            }
          }
          // End loop over dy

          setOutputAtIndex(index, accumulator);
        }
      }
    `}};function H0(e){const{inputs:t,backend:r,attrs:s}=e,{images:n,dy:o}=t,{alignCorners:i}=s,[,a,u]=n.shape,[,l,h]=o.shape,c=[i&&l>1?a-1:a,i&&h>1?u-1:u],d=[i&&l>1?l-1:l,i&&h>1?h-1:h],p=c[0]/d[0],f=c[1]/d[1],g=1/p,m=1/f,w=Math.ceil(g)*2+2,y=Math.ceil(m)*2+2,x=new q0(n.shape,i),S=[{type:"int32",data:c},{type:"int32",data:d},{type:"float32",data:[g]},{type:"float32",data:[m]},{type:"int32",data:[w]},{type:"int32",data:[y]}];return r.runWebGPUProgram(x,[o],o.dtype,S)}var K0={kernelName:ed,backendName:"webgpu",kernelFunc:H0},j0=class{constructor(e){this.variableNames=["x"],this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.uniforms=" axis : vec4<i32>,",this.shaderKey="reverse"}getUserCode(){return`
      
      // Using uniform variables as judging conditions, so the function has
      // coherent execution within all threads.
      fn getReverseCoords(coords : vec4<i32>) -> vec4<i32> {
        var reverseCoords = coords;
        if (uniforms.axis[0] == 1) {
          reverseCoords[0] = uniforms.xShape[0] - coords[0] - 1;
        }
        if (uniforms.axis[1] == 1) {
          reverseCoords[1] = uniforms.xShape[1] - coords[1] - 1;
        }
        if (uniforms.axis[2] == 1) {
          reverseCoords[2] = uniforms.xShape[2] - coords[2] - 1;
        }
        if (uniforms.axis[3] == 1) {
          reverseCoords[3] = uniforms.xShape[3] - coords[3] - 1;
        }

        return reverseCoords;
      }
    
      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          let reverseCoords = getReverseCoords(coords);
          setOutputAtIndex(index, getX(reverseCoords[0],
              reverseCoords[1], reverseCoords[2], reverseCoords[3]));
        }
      }
    `}};function X0(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{dims:o}=s,i=n.shape.length;if(i===0)return be({inputs:{x:n},backend:r});const a=n.shape,u=[1,1,1,1];a.forEach((m,w)=>{const y=w+4-i;u[y]=m});const l=b.parseAxisParam(o,n.shape),h=[0,0,0,0];l.forEach(m=>{const w=m+4-i;h[w]=1});const c=[{type:"int32",data:h}],d=B({inputs:{x:n},backend:r,attrs:{shape:u}}),p=new j0(u),f=r.runWebGPUProgram(p,[d],d.dtype,c);r.disposeData(d.dataId);const g=B({inputs:{x:f},backend:r,attrs:{shape:a}});return r.disposeData(f.dataId),g}var Q0={kernelName:sd,backendName:"webgpu",kernelFunc:X0},Y0=class{constructor(e,t){this.outputShape=[],this.variableNames=["x"],this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.uniforms=`centerX : f32, centerY : f32, sinRadians : f32,
          cosRadians : f32,`,this.shaderKey="rotate",this.outputShape=e,typeof t=="number"?(this.uniforms+=" fillValue : f32,",this.fillSnippet="var outputValue = uniforms.fillValue;",this.shaderKey+="_float"):(this.uniforms+=" fillValue : vec3<f32>,",this.fillSnippet="var outputValue = uniforms.fillValue[coords[3]];",this.shaderKey+="_vec3")}getUserCode(){return`
        ${D("index")} {
          if (index < uniforms.size) {
            let coords = getCoordsFromIndex(index);
            let coordXFloat = (f32(coords[2]) - uniforms.centerX) *
                uniforms.cosRadians - (f32(coords[1]) - uniforms.centerY) *
                uniforms.sinRadians;
            let coordYFloat = (f32(coords[2]) - uniforms.centerX) *
                uniforms.sinRadians + (f32(coords[1]) - uniforms.centerY) *
                uniforms.cosRadians;
            let coordX = i32(round(coordXFloat + uniforms.centerX));
            let coordY = i32(round(coordYFloat + uniforms.centerY));
            ${this.fillSnippet}
            if(coordX >= 0 && coordX < uniforms.xShape[2] && coordY >= 0 &&
                coordY < uniforms.xShape[1]) {
              outputValue = getX(coords[0], coordY, coordX, coords[3]);
            }
            setOutputAtIndex(index, outputValue);
          }
        }
      `}},Z0={kernelName:Td,backendName:"webgpu",kernelFunc:({inputs:e,attrs:t,backend:r})=>{const{image:s}=e,{radians:n,fillValue:o,center:i}=t,a=r,u=new Y0(s.shape,o),[l,h]=I.getImageCenter(i,s.shape[1],s.shape[2]),c=[{type:"float32",data:[l]},{type:"float32",data:[h]},{type:"float32",data:[Math.sin(n)]},{type:"float32",data:[Math.cos(n)]}];return typeof o=="number"?c.push({type:"float32",data:[Number.parseFloat(o.toFixed(2))]}):c.push({type:"float32",data:o}),a.runWebGPUProgram(u,[s],s.dtype,c)}},J0=H({opType:P.ROUND}),e1={kernelName:nd,backendName:"webgpu",kernelFunc:J0},t1=H({opType:P.RSQRT,cpuKernelImpl:gx}),r1={kernelName:eo,backendName:"webgpu",kernelFunc:t1},dr=class{constructor(e,t,r,s,n,o,i,a=!0){this.variableNames=["updates","indices"],this.workgroupSize=[64,1,1],this.atomic=!0,this.outputShape=o,this.type=i,this.sumDupeIndices=a,this.dispatchLayout=T(e),this.dispatch=N(this.dispatchLayout,e,this.workgroupSize),this.sliceDimGreaterThanOne=t>1,this.shaderKey=`scatter_${r}_${s}_${this.sliceDimGreaterThanOne}_${i}_${a}_${n.length}`;const u=re(n.length);this.uniforms=`sliceDim : i32, strides: ${u}, updatesSize: i32,`,this.updatesRank=s,this.indicesRank=r}getUserCode(){let e="";this.indicesRank===1?e="coords[0]":this.indicesRank===2&&(e="coords[0], j");const t=`getIndices(${e})`,r=this.sliceDimGreaterThanOne?"uniforms.strides[j]":"uniforms.strides";let s="",n="";this.dispatchLayout.x.length===1?(s="flattenedIndex",n=`
      fn getUpdatesCoordsFromFlatIndex(index : i32) -> i32 {
        return index;
      }
      `):this.dispatchLayout.x.length===2&&(s="vec2<i32>(flattenedIndex, coords[1])",n=`
      fn getUpdatesCoordsFromFlatIndex(index : i32) -> vec2<i32> {
        // N.B. |updates| could be a scalar tensor, conceptually representing a
        // 2D tensor with all values equal to that. By design, its size must be
        // the same as |outShape[1]| in one dimension, and |indicesShape[0]|
        // gives the other.
        let sliceSize = uniforms.outShape[1];
        let d0 = index / sliceSize;
        let d1 = index - d0 * sliceSize;
        return vec2<i32>(d0, d1);
      }
      `);const i=`getUpdates(${Array.from({length:this.updatesRank},(u,l)=>`coords[${l}]`).join(", ")})`;return`
    ${n}
      ${D("index")} {
        if (index < uniforms.updatesSize) {
          let coords = getUpdatesCoordsFromFlatIndex(index);
          var flattenedIndex = 0;
          for (var j = 0; j < uniforms.sliceDim; j = j + 1) {
            let indexInside = i32(round(${t}));
            flattenedIndex = flattenedIndex + indexInside * ${r};
          }
          let updateValue =
              ${pt(this.type)}(${i});
          let flatIndex = getOutputIndexFromCoords(${s});

          ${this.sumDupeIndices?je("&result[flatIndex]","updateValue",this.type):"atomicStore(&result[flatIndex], bitcast<i32>(updateValue));"}
        }
      }`}};function s1(e){const{inputs:t,backend:r,attrs:s}=e,{indices:n,updates:o}=t,{shape:i}=s,{sliceRank:a,numUpdates:u,sliceSize:l,strides:h,outputSize:c}=I.calculateShapes(o,n,i),d=[c/l,l];if(c===0)return r.makeTensorInfo(i,n.dtype);const p=B({inputs:{x:n},backend:r,attrs:{shape:[u,a]}}),f=B({inputs:{x:o},backend:r,attrs:{shape:[u,l]}}),g=f.dtype,m=we({backend:r,attrs:{shape:d,value:0,dtype:g}}),w=b.sizeFromShape(f.shape),y=[{type:"int32",data:[a]},{type:"int32",data:h},{type:"int32",data:[w]}],x=new dr(f.shape,a,p.shape.length,f.shape.length,h,d,g),S=r.runWebGPUProgram(x,[f,p],g,y,m),C=B({inputs:{x:S},backend:r,attrs:{shape:i}});return r.disposeData(p.dataId),r.disposeData(f.dataId),r.disposeData(S.dataId),C}var n1={kernelName:od,backendName:"webgpu",kernelFunc:s1},o1=class{constructor(e,t){this.outputShape=[],this.variableNames=["sortedSequence","values"],this.uniforms="numInputs : i32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.side=t,this.shaderKey=`search_sorted_${t}`}getUserCode(){return`
      fn findBound(batch: i32, value: f32) -> i32 {
        var left = i32(0);
        var right = uniforms.numInputs;
        while (left < right) {
          var mid = (left + right) / 2;
          if (getSortedSequence(batch, mid) ${this.side==="left"?"<":"<="} value) {
            left = mid + 1;
          } else {
            right = mid;
          }
        }
        return right;
      }

      ${D("index")} {
        if (index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          let value = getValuesByOutputIndex(index);
          setOutputAtIndexI32(index, findBound(coords[0], value));
        }
      }
    `}};function i1(e){const{inputs:t,backend:r,attrs:s}=e,{sortedSequence:n,values:o}=t,{side:i}=s,a=new o1([o.shape[0],o.shape[1]],i),u=[{type:"int32",data:[n.shape[1]]}];return r.runWebGPUProgram(a,[n,o],"int32",u)}var a1={kernelName:ad,backendName:"webgpu",kernelFunc:i1},u1=class{constructor(e,t,r){this.variableNames=["c","a","b"],this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=t,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.cRank=e,this.rank=r,this.shaderKey="select"}getUserCode(){let e,t;if(this.rank>4)throw Error(`Where for rank ${this.rank} is not yet supported`);if(this.rank===1)t="resRC",e="resRC";else{const s=["resRC.x","resRC.y","resRC.z","resRC.w"],n=[],o=[];for(let i=0;i<this.outputShape.length;i++)o.push(`${s[i]}`),i<this.cRank&&n.push(`${s[i]}`);e=n.join(),t=o.join()}return`
      ${D("index")} {
        if (index < uniforms.size) {
          let resRC = getCoordsFromIndex(index);
          let cVal = getC(${e});
          if (cVal >= 1.0) {
            setOutputAtIndex(index, getA(${t}));
          } else {
            setOutputAtIndex(index, getB(${t}));
          }
        }
      }
    `}};function l1(e){const{inputs:t,backend:r}=e,{condition:s,t:n,e:o}=t,i=new u1(s.shape.length,n.shape,n.shape.length);return r.runWebGPUProgram(i,[s,n,o],Le(n.dtype,o.dtype))}var c1={kernelName:ud,backendName:"webgpu",kernelFunc:l1},d1=H({opType:P.SELU}),h1={kernelName:ld,backendName:"webgpu",kernelFunc:d1},p1=H({opType:P.SIGMOID}),f1={kernelName:hs,backendName:"webgpu",kernelFunc:p1},m1=H({opType:P.SIGN}),g1={kernelName:pd,backendName:"webgpu",kernelFunc:m1},w1=H({opType:P.SIN}),v1={kernelName:dd,backendName:"webgpu",kernelFunc:w1},x1=H({opType:P.SINH}),y1={kernelName:hd,backendName:"webgpu",kernelFunc:x1},b1=H({opType:P.SOFTPLUS}),S1={kernelName:fd,backendName:"webgpu",kernelFunc:b1},C1=class{constructor(e,t,r,s,n,o){this.variableNames=["x"],this.outputShape=[],this.uniforms="",this.workgroupSize=[64,1,1],this.size=!0;const i=new Array(s.length);for(let a=0;a<i.length;a++)i[a]=s[n[a]];this.outputShape=i,this.newDim=n,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.xShape=e,this.paddedXShape=t,this.uniforms+=`reshapedPaddedXShape : ${re(s.length)}, paddedXShapeStrides : ${re(o)}, `,r.map((a,u)=>{this.uniforms+=` pad${u} : vec2<i32>,`}),this.shaderKey=`spaceToBatchND_${n}`}getUserCode(){const e=re(this.outputShape.length),t=Ia(this.newDim);return`
      ${_r(this.paddedXShape,"PaddedX")}
      ${D("index")} {
        if(index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          let switchedIndex = getIndexFromCoords${this.outputShape.length}D(${e}(${t}), uniforms.reshapedPaddedXShape);
          let paddedCoords = getPaddedXCoordsFromIndex(switchedIndex);
          ${ja(this.xShape,!0)}
        }
      }
    `}},I1=e=>{const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{blockShape:o,paddings:i}=s;b.assert(n.shape.length<=4,()=>"spaceToBatchND for rank > 4 with a WebGPU backend not implemented yet");const a=o.reduce((y,x)=>y*x),u=[[0,0]];u.push(...i);for(let y=1+o.length;y<n.shape.length;++y)u.push([0,0]);const l=u.map((y,x)=>y[0]+n.shape[x]+y[1]),h=I.getReshaped(l,o,a,!1),c=I.getPermuted(h.length,o.length,!1),d=I.getReshapedPermuted(l,o,a,!1),p=b.computeStrides(l),f=new C1(n.shape,l,u,h,c,p.length),g=[{type:"int32",data:h},{type:"int32",data:p}];u.map(y=>g.push({type:"int32",data:[y[0],y[1]]}));const m=r.runWebGPUProgram(f,[n],n.dtype,g),w=B({inputs:{x:m},backend:r,attrs:{shape:d}});return r.disposeData(m.dataId),w},k1={kernelName:md,backendName:"webgpu",kernelFunc:I1},$1=class{constructor(e,t,r){this.variableNames=["input","indices","segmentIds"],this.outputShape=[],this.uniforms="segmentSize : i32, sparseSize : i32,",this.workgroupSize=[64,1,1],this.atomic=!0,this.outputShape=e,this.type=r,this.dispatchLayout=T([t]),this.dispatch=N(this.dispatchLayout,[t],this.workgroupSize),this.shaderKey="sparseSegmentSum"}getUserCode(){return`
    ${D("index")} {
      if (index < uniforms.sparseSize) {
        let indexInSegmentIds = index / uniforms.segmentSize;
        let indexInSegment = index % uniforms.segmentSize;
        let indexInInput = indices[indexInSegmentIds];
        let segmentId = segmentIds[indexInSegmentIds];

        let value = input[indexInInput * uniforms.segmentSize + indexInSegment];
        let outIndex = segmentId * uniforms.segmentSize + indexInSegment;
        ${je("&result[outIndex]","value",this.type)}
      }
    }
  `}},R1=class{constructor(e,t){this.variableNames=["segmentIds"],this.outputShape=[],this.workgroupSize=[64,1,1],this.atomic=!0,this.outputShape=[e],this.dispatchLayout=T(t),this.dispatch=N(this.dispatchLayout,t,this.workgroupSize),this.shaderKey="sparseSegmentIdCountProgram"}getUserCode(){return`
    ${D("index")} {
      if (index < uniforms.segmentIdsShape) {
        let segmentId = segmentIds[index];
        ${je("&result[segmentId]","1","int32")}
      }
    }
  `}},P1=class{constructor(e,t){this.variableNames=["segmentSum","sameSegmentIdCount"],this.outputShape=[],this.uniforms="segmentSize : i32",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.type=t,this.dispatchLayout=T(e),this.dispatch=N(this.dispatchLayout,e,this.workgroupSize),this.shaderKey="sparseSegmentMean"}getUserCode(){return`
    ${D("index")} {
      if (index < uniforms.size) {
        let segmentId = index / uniforms.segmentSize;
        let count = sameSegmentIdCount[segmentId];
        if (count != 0) {
          ${this.type==="float32"?"setOutputAtIndex(index, segmentSum[index] / f32(count));":"setOutputAtIndexI32(index, segmentSum[index] / count);"}
        }
      }
    }
  `}};function Xa(e,t,r,s=!1,n){const i=b.sizeFromShape(e.shape)/e.shape[0],a=e.dtype,u=b.sizeFromShape(t.shape),l=n.readSync(r.dataId),c=u>0?l[u-1]+1:0;let d;const p=e.shape.slice();p[0]=c;const f=u*i,g=we({backend:n,attrs:{shape:p,value:0,dtype:a}});d=new $1(p,f,a);let m=[{type:"int32",data:[i]},{type:"int32",data:[f]}];const w=n.runWebGPUProgram(d,[e,t,r],a,m,g);if(s)return w;const y=we({backend:n,attrs:{shape:[c],value:0,dtype:"int32"}});d=new R1(c,r.shape);const x=n.runWebGPUProgram(d,[r],"int32",null,y),S=we({backend:n,attrs:{shape:p,value:0,dtype:a}});d=new P1(p,a),m=[{type:"int32",data:[i]}];const C=n.runWebGPUProgram(d,[w,x],a,m,S);return n.disposeData(w.dataId),n.disposeData(x.dataId),C}function A1(e){const{inputs:t,backend:r}=e,{data:s,indices:n,segmentIds:o}=t;return Xa(s,n,o,!1,r)}var E1={kernelName:vd,backendName:"webgpu",kernelFunc:A1};function D1(e){const{inputs:t,backend:r}=e,{data:s,indices:n,segmentIds:o}=t;return Xa(s,n,o,!0,r)}var N1={kernelName:xd,backendName:"webgpu",kernelFunc:D1},T1=class{constructor(e,t){this.variableNames=["A"],this.workgroupSize=[64,1,1],this.size=!0;const r=new Array(e.length);for(let s=0;s<r.length;s++)r[s]=e[s]*t[s];this.outputShape=r,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.rank=this.outputShape.length,this.shaderKey="tile"}getUserCode(){const e=F1(this.rank,"uniforms.");return`
      ${D("index")} {
        if (index < uniforms.size) {
          let resRC = getCoordsFromIndex(index);
          setOutputAtIndex(index, getA(${e}));
        }
      }
    `}};function F1(e,t=""){if(e>=5)throw Error(`Tile for rank ${e} is not yet supported`);if(e===1)return`(resRC % ${t}aShape)`;const r=["resRC.x","resRC.y","resRC.z","resRC.w"],s=[];for(let n=0;n<e;n++)s.push(`(${r[n]} % ${t}aShape[${n}])`);return s.join()}function nn(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{reps:o}=s;if(r.shouldExecuteOnCPU([n])||n.dtype==="string"||n.shape.length>=5){const u=r.readSync(n.dataId),l=n.dtype==="string"?u.map(d=>b.decodeString(d)):u,h=ue(n.shape,n.dtype,l),c=Cx(h,o);return r.makeTensorInfo(c.shape,c.dtype,c.values)}const i=new T1(n.shape,o);return r.runWebGPUProgram(i,[n],n.dtype)}var M1={kernelName:so,backendName:"webgpu",kernelFunc:nn};function z1(e){const{inputs:t,backend:r,attrs:s}=e,{sparseIndices:n,sparseValues:o,defaultValue:i}=t,{outputShape:a}=s,{sliceRank:u,numUpdates:l,sliceSize:h,strides:c,outputSize:d}=I.calculateShapes(o,n,a),p=!1;if(o.dtype==="string"){const M=r.bufferSync(n),z=r.bufferSync(o),W=b.decodeString(r.readSync(i.dataId)[0]),$=wx(M,z,a,d,h,l,u,c,W,p);return r.makeTensorInfo(a,$.dtype,$.values)}const f=[d/h,h],g=B({inputs:{x:n},backend:r,attrs:{shape:[l,u]}}),m=o.shape.length?B({inputs:{x:o},backend:r,attrs:{shape:[l,h]}}):be({inputs:{x:o},backend:r}),w=m.dtype,y=r.makeTensorInfo([],w,b.makeZerosTypedArray(1,w)),x=B({inputs:{x:i},backend:r,attrs:{shape:Array(f.length).fill(1)}}),S=nn({inputs:{x},backend:r,attrs:{reps:f}}),C=b.sizeFromShape([l,h]),R=[{type:"int32",data:[u]},{type:"int32",data:c},{type:"int32",data:[C]}];switch(l){case 0:break;case 1:{const M=new dr([l,h],u,g.shape.length,m.shape.length,c,f,w,p);r.runWebGPUProgram(M,[m,g],w,R,S)}break;default:{const M=new dr([l,h],u,g.shape.length,y.shape.length,c,f,w,p);r.runWebGPUProgram(M,[y,g],w,R,S)}{const M=new dr([l,h],u,g.shape.length,m.shape.length,c,f,w);r.runWebGPUProgram(M,[m,g],w,R,S)}}const E=B({inputs:{x:S},backend:r,attrs:{shape:a}});return r.disposeData(g.dataId),r.disposeData(m.dataId),r.disposeData(x.dataId),r.disposeData(y.dataId),r.disposeData(S.dataId),E}var B1={kernelName:yd,backendName:"webgpu",kernelFunc:z1};function _1(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{numOrSizeSplits:o,axis:i}=s,a=b.parseAxisParam(i,n.shape)[0],u=I.prepareSplitSize(n,o,a),l=n.shape.length,h=new Array(l).fill(0),c=n.shape.slice();return u.map(d=>{const p=[...c];p[a]=d;const f=Ot({inputs:{x:n},backend:r,attrs:{begin:h,size:p}});return h[a]+=d,f})}var O1={kernelName:gd,backendName:"webgpu",kernelFunc:_1},L1=H({opType:P.SQRT}),W1={kernelName:ps,backendName:"webgpu",kernelFunc:L1},U1={kernelName:bd,backendName:"webgpu",kernelFunc:({inputs:e,backend:t})=>{const{x:r}=e,s=t,n=new _t(r.shape,P.SQUARE);return s.runWebGPUProgram(n,[r],r.dtype)}},V1=de({opType:U.SQUARED_DIFFERENCE}),G1={kernelName:ro,backendName:"webgpu",kernelFunc:V1};function q1({inputs:e,attrs:t,backend:r}){const{x:s}=e,n=new _t(s.shape,P.STEP,"stepAlpha : f32,"),o=[{type:"float32",data:[t.alpha]}];return r.runWebGPUProgram(n,[s],s.dtype,o)}var H1={kernelName:oo,backendName:"webgpu",kernelFunc:q1},K1=class{constructor(e){this.variableNames=["x"],this.workPerThread=1,this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize,[this.workPerThread,1,1]);const t=re(this.outputShape.length);this.uniforms=`begin : ${t},  strides : ${t}, `,this.shaderKey="stridedSlice"}getUserCode(){const e=this.outputShape.length;let t="";if(e===1)t="coords * uniforms.strides + uniforms.begin";else{let s=0;t=this.outputShape.map((n,o)=>(s++,this.outputShape.length===1?`coords * uniforms.strides[${o}] + uniforms.begin[${o}]`:`coords[${s-1}] * uniforms.strides[${o}] + uniforms.begin[${o}]`)).join(",")}return`
       ${D("index")} {
         if (index < uniforms.size) {
           let coords = getCoordsFromIndex(index);
           setOutputAtIndex(index, getX(${t}));
         }
       }
     `}};function j1(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{begin:o,end:i,strides:a,beginMask:u,endMask:l,ellipsisMask:h,newAxisMask:c,shrinkAxisMask:d}=s,{finalShapeSparse:p,finalShape:f,isIdentity:g,sliceDim0:m,isSimpleSlice:w,begin:y,end:x,strides:S}=Ke.sliceInfo(n.shape,o,i,a,u,l,h,c,d);let C;if(g)C=B({inputs:{x:n},backend:r,attrs:{shape:f}});else if(m||w){b.assert(n.shape.length>=1,()=>`Input must have rank at least 1, got: ${n.shape.length}`);const R=Ke.computeOutShape(y,x,S),E=Ot({inputs:{x:n},backend:r,attrs:{begin:y,size:R}});C=B({inputs:{x:E},backend:r,attrs:{shape:f}}),r.disposeData(E.dataId)}else if(r.shouldExecuteOnCPU([n])){const E=r.readSync(n.dataId),M=ue(n.shape,n.dtype,E),z=yx(p,M,S,y);C=r.makeTensorInfo(f,n.dtype,z.values)}else{const E=new K1(p),M=[{type:"int32",data:y},{type:"int32",data:S}],z=r.runWebGPUProgram(E,[n],n.dtype,M);C=B({inputs:{x:z},backend:r,attrs:{shape:f}}),r.disposeData(z.dataId)}return C}var X1={kernelName:Cd,backendName:"webgpu",kernelFunc:j1};function Q1(e){const{inputs:t,backend:r,attrs:s}=e,{separator:n,nGramWidths:o,leftPad:i,rightPad:a,padWidth:u,preserveShortSequences:l}=s,{data:h,dataSplits:c}=t,d=r.readSync(h.dataId),p=r.readSync(c.dataId),[f,g]=bx(d,p,n,o,i,a,u,l);return[r.makeTensorInfo([f.length],"string",f),r.makeTensorInfo(c.shape,"int32",g)]}var Y1={kernelName:Id,backendName:"webgpu",kernelFunc:Q1},Z1=de({opType:U.SUB,cpuKernelImpl:Sx,supportsComplex:!0}),J1={kernelName:fs,backendName:"webgpu",kernelFunc:Z1},eC=H({opType:P.TAN}),tC={kernelName:kd,backendName:"webgpu",kernelFunc:eC},rC=H({opType:P.TANH}),sC={kernelName:$d,backendName:"webgpu",kernelFunc:rC};function nC(e){const{inputs:t,backend:r,attrs:s}=e,{tensor:n,indices:o,updates:i}=t,{}=s,{sliceRank:a,numUpdates:u,sliceSize:l,strides:h,outputSize:c}=I.calculateShapes(i,o,n.shape),d=[c/l,l];if(c===0)return r.makeTensorInfo(n.shape,o.dtype);const p=[],f=B({inputs:{x:o},backend:r,attrs:{shape:[u,a]}});p.push(f);const g=B({inputs:{x:i},backend:r,attrs:{shape:[u,l]}});p.push(g);const m=B({inputs:{x:n},backend:r,attrs:{shape:d}});p.push(m);const w=nn({inputs:{x:m},backend:r,attrs:{reps:Array(d.length).fill(1)}}),y=new dr([u,l],a,f.shape.length,g.shape.length,h,d,n.dtype,!1),x=b.sizeFromShape([u,l]),S=[{type:"int32",data:[a]},{type:"int32",data:h},{type:"int32",data:[x]}],C=r.runWebGPUProgram(y,[g,f],m.dtype,S,w);p.push(C);const R=B({inputs:{x:C},backend:r,attrs:{shape:n.shape}});return p.forEach(E=>r.disposeData(E.dataId)),R}var oC={kernelName:id,backendName:"webgpu",kernelFunc:nC},iC=class{constructor(e){this.variableNames=["x","indices"],this.workgroupSize=[256,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.uniforms=`inputSize : i32, firstPass : i32, negativeInf : f32,
        dir : i32, inc : i32,`,this.shaderKey="swap"}getUserCode(){return`
        ${D("index")} {
          if (index < uniforms.size) {
            let outC = getCoordsFromIndex(index);
            let batch = outC[0];
            let elemIdx = outC[1];
            // We compare elements pair-wise within a group of size 2 * inc.
            // The comparing rule for each group alternates between ascending
            // and descending. Within each group, we compare each pair at
            // positions i and i+inc. To decide whether an element at position i
            // is x0 or x1, we mod it by 2 * inc, if the result is smaller than
            // inc, it is in the first half of the group, we denote it as x0,
            // otherwise we denote it as x1.
            // For example, as shown in the Bitonic top K paper referenced
            // above, Figure5(a) shows that element[1] is in the second half of
            // the group when group size is 2, but it is in the first half of
            // the group when group size is 4.
            let isFirstInPair = elemIdx % (2 * uniforms.inc) < uniforms.inc;
            var i = 0;
            if (isFirstInPair) {
              i = elemIdx;
            } else {
              i = elemIdx - uniforms.inc;
            }

            var i0 = 0;
            if (uniforms.firstPass == 1) {
              i0 = i;
            } else {
              i0 = i32(getIndices(batch, i));
            }

            var i1 = 0;
            if (uniforms.firstPass == 1) {
              i1 = i + uniforms.inc;
            } else {
              i1 = i32(getIndices(batch, i + uniforms.inc));
            }

            var x0 = f32(0.0);
            var x1 = f32(0.0);
            if (i0 < uniforms.inputSize) {
              x0 = getX(batch, i0);
            } else {
              x0 = uniforms.negativeInf;
            }
            if (i1 < uniforms.inputSize) {
              x1 = getX(batch, i1);
            } else {
              x1 = uniforms.negativeInf;
            }

            let reverse = elemIdx % (2 * uniforms.dir) >= uniforms.dir;
            let isGreater = x0 > x1 || (x0 == x1 && i1 > i0);
            if (reverse == isGreater) {
              // Elements in opposite order of direction
              let iTemp = i0;
              i0 = i1;
              i1 = iTemp;
            }
            if (isFirstInPair) {
              setOutputAtIndex(index, f32(i0));
            } else {
              setOutputAtIndex(index, f32(i1));
            }
          }
        }
      `}},aC=class{constructor(e){this.variableNames=["x","indices"],this.workgroupSize=[256,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.uniforms="inputSize : i32, firstPass : i32, k : i32,",this.shaderKey="merge"}getUserCode(){return`
        ${D("index")} {
          if (index < uniforms.size) {
            let outC = getCoordsFromIndex(index);
            let batch = outC[0];
            let elemIdx = outC[1];
            // The output size is half of the previous size.
            // If the previous sequence is | | | | _ _ _ _  | | | |  _ _ _ _
            // (k=4), we only need to output the indices at positions |, the
            // indices at positions _ can be thrown away, see Figure5(b) After
            // Phase 2 (Merge phase) in the Bitonic Top K paper referenced
            // above.
            // For example, the paper shows we only need to output the orange
            // bars. The output sequence should look like this | | | | | | | |.
            // Because the sequence is halved, to map the output index back to
            // the previous sequence to find the corresponding value, we need
            // to double the index. When we double the index, we basically
            // interpolate a position, so 2i looks like
            // | _ | _ | _ | _ | _ | _ | _. We move the | to the first k
            // position of each 2k positions by - elemIdx % k. E.g. for output
            // at index 4,5,6,7, we want to get the corresponding element at
            // original index 8,9,10,11, for output at index 8,9,10,11,
            // we want to get the corresponding element at original index
            // 16,17,18,19, so on and so forth.

            var i = 0;
            if (elemIdx < uniforms.k) {
              i = elemIdx;
            } else {
              i = elemIdx * 2 - elemIdx % uniforms.k;
            }
            var i0 = 0;
            if (uniforms.firstPass == 1) {
              i0 = i;
            } else {
              i0 = i32(getIndices(batch, i));
            }
            var i1 = 0;
            if (uniforms.firstPass == 1) {
              i1 = i + uniforms.k;
            } else {
              i1 = i32(getIndices(batch, i + uniforms.k));
            }

            let x0 = getX(batch, i0);
            var x1 = f32(0.0);
            if (i1 < uniforms.inputSize) {
              x1 = getX(batch, i1);
            } else {
              x1 = x0;
            }

            if (x0 >= x1) {
              setOutputAtIndex(index, f32(i0));
            } else {
              setOutputAtIndex(index, f32(i1));
            }
          }
        }
      `}};function Wt(e,t){t!==null&&e.disposeData(t.dataId)}function Qa(e){let t=1;for(;t<e;)t*=2;return t}function uC(e){const{inputs:t,backend:r,attrs:s}=e,{x:n}=t,{k:o,sorted:i}=s,a=n.shape,u=a[a.length-1];if(r.shouldExecuteOnCPU([n])){const C=r.readSync(n.dataId),[R,E]=Ix(C,a,n.dtype,o,i);return[r.makeTensorInfo(R.shape,R.dtype,R.values),r.makeTensorInfo(E.shape,E.dtype,E.values)]}if(o===0)return a[a.length-1]=0,[r.makeTensorInfo(a,n.dtype,[]),r.makeTensorInfo(a,"int32",[])];if(u===1)return[n,we({attrs:{shape:a,dtype:"int32",value:0},backend:r})];const h=b.sizeFromShape(a)/u,c=B({inputs:{x:n},attrs:{shape:[h,u]},backend:r}),d=Qa(o),p=Qa(u);let f=null;const g=()=>f===null?[c,c]:[c,f],m=(C,R,E)=>{const M=g(),z=new iC(E),$=[{type:"int32",data:[u]},{type:"int32",data:[f===null?1:0]},{type:"float32",data:[Number.NEGATIVE_INFINITY]},{type:"int32",data:[C]},{type:"int32",data:[R]}],k=f;f=r.runWebGPUProgram(z,M,"int32",$),Wt(r,k)};for(let C=1;C<d;C*=2){const R=C*2;for(let E=C;E>=1;E/=2)m(R,E,[h,p])}for(let C=p;C>d;C/=2){const R=g(),E=new aC([h,C/2]),z=[{type:"int32",data:[u]},{type:"int32",data:[f===null?1:0]},{type:"int32",data:[d]}],W=f;f=r.runWebGPUProgram(E,R,"int32",z),Wt(r,W);const $=d/2,k=$*2;for(let v=$;v>=1;v/=2)m(k,v,f.shape)}let w=f;f=Ot({inputs:{x:f},backend:r,attrs:{begin:0,size:[h,o]}}),Wt(r,w);let y=Ga({inputs:{x:c,indices:f},backend:r,attrs:{axis:1,batchDims:1}});Wt(r,c);const x=a.slice(0,-1);x.push(o),w=f,f=B({inputs:{x:f},attrs:{shape:x},backend:r}),Wt(r,w);const S=y;return y=B({inputs:{x:y},attrs:{shape:x},backend:r}),Wt(r,S),[y,f]}var lC={kernelName:Rd,backendName:"webgpu",kernelFunc:uC},cC=class{constructor(e){this.variableNames=["Image","Transforms"],this.uniforms="interpolationModeId : i32, fillModeId : i32, fillValue : f32,",this.workgroupSize=[64,1,1],this.size=!0,this.outputShape=e,this.dispatchLayout=T(this.outputShape),this.dispatch=N(this.dispatchLayout,this.outputShape,this.workgroupSize),this.shaderKey="transform"}getUserCode(){return`
          fn mapCoord(outCoord : f32, len : f32) -> f32{
            var inCoord = outCoord;
            if(uniforms.fillModeId == 2) {
              if (inCoord < 0.0) {
                if (len <= 1.0) {
                  inCoord = 0.0;
                } else {
                  let sz2 = 2.0 * len;
                  if (inCoord < sz2) {
                    inCoord = sz2 * f32(i32(f32(-inCoord / sz2))) +
                    inCoord;
                  }
                  if (inCoord < -len) {
                    inCoord = inCoord + sz2;
                  } else {
                    inCoord = -inCoord - 1.0;
                  }
                }
              } else if (inCoord > len - 1.0) {
                if (len <= 1.0) {
                  inCoord = 0.0;
                } else {
                  let sz2 = 2.0 * len;
                  inCoord = inCoord - sz2 * f32(i32(f32(inCoord / sz2)));
                  if (inCoord >= len) {
                    inCoord = sz2 - inCoord - 1.0;
                  }
                }
              }
              return clamp(inCoord, 0.0, len - 1.0);
            } else if (uniforms.fillModeId == 3) {
              if (inCoord < 0.0) {
                if (len <= 1.0) {
                  inCoord = 0.0;
                } else {
                  let sz = len - 1.0;
                  inCoord = inCoord + len * (f32(i32(f32(-inCoord / sz))) + 1.0);
                }
              } else if (inCoord > len - 1.0) {
                if (len <= 1.0) {
                  inCoord = 0.0;
                } else {
                  let sz = len - 1.0;
                  inCoord = inCoord - len * f32(i32(f32(inCoord / sz)));
                }
              }
              return clamp(inCoord, 0.0, len - 1.0);
            } else if (uniforms.fillModeId == 4) {
              return clamp(outCoord, 0.0, len - 1.0);
            }
            return outCoord;
          }
          fn readWithFillValue(batch : i32, coordY : i32, coordX : i32,
            channel : i32) -> f32 {
            var outputValue : f32;
            if (0 <= coordY && coordY < uniforms.imageShape[1] && 0 <= coordX && coordX < uniforms.imageShape[2]) {
                outputValue = getImage(batch, coordY, coordX, channel);
            } else {
              outputValue = uniforms.fillValue;
            }
            return outputValue;
          }

          ${D("index")} {
            if (index < uniforms.size) {
              let coords = getCoordsFromIndex(index);
              var outputValue : f32;
              let batch = coords[0];
              let x = coords[2];
              let y = coords[1];
              let channel = coords[3];
              let xf = f32(x);
              let yf = f32(y);
              let a1 = getTransforms(batch, 0);
              let a2 = getTransforms(batch, 1);
              let a3 = getTransforms(batch, 2);
              let b1 = getTransforms(batch, 3);
              let b2 = getTransforms(batch, 4);
              let b3 = getTransforms(batch, 5);
              let c1 = getTransforms(batch, 6);
              let c2 = getTransforms(batch, 7);
              let projection = c1 * xf + c2 * yf + 1.0;
              if (projection == 0.0) {
                outputValue = uniforms.fillValue;
              } else {
                let inX = (a1 * xf + a2 * yf + a3) / projection;
                let inY = (b1 * xf + b2 * yf + b3) / projection;
                let mapX = mapCoord(inX, f32(uniforms.imageShape[2]));
                let mapY = mapCoord(inY, f32(uniforms.imageShape[1]));

                if (uniforms.interpolationModeId == 1) {
                  let coordY = i32(round(mapY));
                  let coordX = i32(round(mapX));
                  outputValue = readWithFillValue(batch, coordY, coordX,
                    channel);
                } else {
                  let yFloor = floor(mapY);
                  let xFloor = floor(mapX);
                  let yCeil = yFloor + 1.0;
                  let xCeil = xFloor + 1.0;
                  let valueYFloor = (xCeil - mapX) *
                  readWithFillValue(batch, i32(yFloor), i32(xFloor), channel) +
                  (mapX - xFloor) *
                  readWithFillValue(batch, i32(yFloor), i32(xCeil), channel);
                  let valueYCeil = (xCeil - mapX) *
                  readWithFillValue(batch, i32(yCeil), i32(xFloor), channel) +
                  (mapX - xFloor) *
                  readWithFillValue(batch, i32(yCeil), i32(xCeil), channel);
                  outputValue = (yCeil - mapY) * valueYFloor +
                  (mapY - yFloor) * valueYCeil;
                }
              }
              setOutputAtIndex(index, outputValue);
            }
          }
        `}};function dC(e){const{inputs:t,backend:r,attrs:s}=e,{image:n,transforms:o}=t,{interpolation:i,fillMode:a,fillValue:u,outputShape:l}=s,[h,c,d,p]=n.shape,[f,g]=l??[c,d],m=[h,f,g,p],w=new cC(m),y=i==="nearest"?1:2;let x;switch(a){case"constant":x=1;break;case"reflect":x=2;break;case"wrap":x=3;break;case"nearest":x=4;break;default:x=1;break}const S=[{type:"int32",data:[y]},{type:"int32",data:[x]},{type:"float32",data:[u]}];return r.runWebGPUProgram(w,[n,o],"float32",S)}var hC={kernelName:Pd,backendName:"webgpu",kernelFunc:dC};function pC(e){const{inputs:t,backend:r,attrs:s}=e,{value:n}=t;let{axis:o}=s;o<0&&(o+=n.shape.length);const i=n,a=i.shape.length,u=n.shape[o],l=new Array(a-1);let h=0;for(let g=0;g<a;g++)g!==o&&(l[h++]=i.shape[g]);const c=[],d=new Array(a).fill(0),p=i.shape.slice();p[o]=1;const f=new Array(u);for(let g=0;g<f.length;g++){d[o]=g;const m=Ot({inputs:{x:i},backend:r,attrs:{begin:d,size:p}}),w=B({inputs:{x:m},backend:r,attrs:{shape:l}});f[g]=w,c.push(m)}return c.forEach(g=>r.disposeData(g.dataId)),f}var fC={kernelName:Ed,backendName:"webgpu",kernelFunc:pC},mC=class{constructor(e,t,r){if(this.outputShape=[],this.variableNames=["x","segmentIds"],this.uniforms="numSegments : i32, xSize: i32,",this.workgroupSize=[64,1,1],this.atomic=!0,this.outputShape=t,this.dispatchLayout=T(e),this.dispatch=N(this.dispatchLayout,e,this.workgroupSize),r!=="float32"&&r!=="int32")throw new Error(`UnsortedSegmentSum only supports float32 and int32
              types, does not support ${r} type.`);this.type=r,this.shaderKey="unsortedSegmentSum"}getUserCode(){return`
    ${D("index")} {
      if (index < uniforms.xSize) {
        let coords = getXCoordsFromIndex(index);
        let b = coords[0];
        let inCol = coords[1];

        let segmentId = i32(getSegmentIds(inCol));
        if (segmentId >= 0) {
          let flatIndex = b * uniforms.numSegments + segmentId % uniforms.numSegments;
          let value = getX(b, inCol);

          ${je("&result[flatIndex]","value",this.type)}
        }
      }
    }
  `}};function gC(e){const{inputs:t,backend:r,attrs:s}=e,{x:n,segmentIds:o}=t,{numSegments:i}=s,a=n.shape.length,u=[];let l=0;const h=I.getAxesPermutation([l],a);let c=n;h!=null&&(c=_e({inputs:{x:n},backend:r,attrs:{perm:h}}),u.push(c),l=I.getInnerMostAxes(1,a)[0]);const d=I.segment_util.computeOutShape(c.shape,l,i),p=b.sizeFromShape([c.shape[l]]),f=B({inputs:{x:c},backend:r,attrs:{shape:[-1,p]}});u.push(f);const g=n.dtype,m=[f.shape[0],i],w=we({backend:r,attrs:{shape:m,value:0,dtype:g}}),y=new mC(f.shape,m,g),x=[{type:"int32",data:[i]},{type:"int32",data:[b.sizeFromShape(f.shape)]}],S=r.runWebGPUProgram(y,[f,o],g,x,w),C=B({inputs:{x:S},backend:r,attrs:{shape:d}});u.push(S);let R=C;if(h!=null){u.push(C);const E=I.getUndoAxesPermutation(h);R=_e({inputs:{x:R},backend:r,attrs:{perm:E}})}return u.forEach(E=>r.disposeData(E.dataId)),R}var wC={kernelName:Dd,backendName:"webgpu",kernelFunc:gC},vC=[tv,Rx,Ax,Dx,Tx,zx,Vx,qx,Kx,Xx,Yx,Jx,ty,sy,oy,cy,hy,gy,vy,yy,ky,Ay,Ny,zy,_y,Uy,sv,qy,Xy,sb,lb,pb,gb,vb,yb,Sb,Ib,Rb,Ab,Db,Tb,zb,Vb,qb,Ob,jb,Yb,tS,sS,iS,cS,hS,fS,gS,vS,yS,bS,CS,kS,Zw,RS,TS,AS,DS,zS,_S,LS,VS,HS,jS,QS,rv,ZS,Ky,e2,r2,n2,i2,u2,c2,p2,w2,m2,x2,b2,C2,R2,E2,ay,N2,F2,U2,z2,L2,G2,uy,H2,j2,Q2,Z2,s0,aS,o0,a0,l0,Ty,h0,f0,g0,x0,b0,C0,k0,R0,Fy,A0,D0,T0,M0,Jw,_0,W0,G0,K0,Q0,Z0,e1,r1,n1,a1,c1,h1,f1,g1,v1,y1,Cy,H1,X1,Y1,t0,S1,k1,E1,N1,B1,O1,W1,U1,G1,J1,uS,tC,sC,oC,M1,lC,hC,Ox,fC,wC,p0];for(const e of vC)lo(e);var xC=/llvmpipe|lavapipe|swiftshader|basic render|software/i;async function Ya(){const e=globalThis.navigator?.gpu;if(!e)throw new Error("Cannot use WebGPU as this runtime has none: in Deno add --unstable-webgpu");yC();const t=await e.requestAdapter({powerPreference:"high-performance"});if(!t)throw new Error("Cannot use WebGPU as it found no adapter: install the GPU's Vulkan driver");const r=t.info,s=r.description||[r.vendor,r.architecture].join(" ").trim()||"unnamed adapter",n=r.isFallbackAdapter??t.isFallbackAdapter;return{adapter:t,description:s,isSoftware:n===!0||xC.test(s)}}function yC(){if(globalThis.Deno?.build.os==="linux")try{Deno.env.has("XDG_RUNTIME_DIR")||Deno.env.set("XDG_RUNTIME_DIR","/tmp")}catch{}}var Ut="webgpu",Za=["maxBufferSize","maxStorageBufferBindingSize"],Kr="shader-f16",bC=2**32,Ja=new WeakMap;function SC(e){return Ja.get(e)}function CC(e,t){let r,s=[];const n=new Set,o=i=>void(r??=i);return e.addEventListener("uncapturederror",i=>{i.preventDefault();const{message:a}=i.error;o(new Error(`Cannot go on with WebGPU as ${t} reported: ${a.trim()}`))}),e.lost?.then(({reason:i,message:a})=>o(new Error(`Cannot go on with WebGPU as ${t} was lost: ${i}, ${a}`))),{fail:o,guardFirstRun(i,a,u){if(n.has(a))return u();n.add(a),e.pushErrorScope("validation");try{return u()}finally{s.push(e.popErrorScope().then(l=>{l&&o(new Error(`Cannot run kernel ${i}: ${l.message.trim()}`))}))}},async settle(){const i=s;s=[],await Promise.all(i)},throwIfFailed(){if(r)throw r}}}function IC(e){const t=e.createShaderModule.bind(e);e.createShaderModule=r=>t(/\bf16\b/.test(r.code)?{...r,code:`enable f16;
${r.code}`}:r)}async function kC(e){const t=await Ya(),{adapter:r}=t,s="melstream",i=(e?[Kr,"timestamp-query"]:[Kr]).filter(u=>r.features.has(u)),a={};for(const u of Za)a[u]=Math.min(r.limits[u],bC);try{const u=await r.requestDevice({label:s,requiredFeatures:i,requiredLimits:a});return{...t,device:u}}catch{const u=await Ya(),l=await u.adapter.requestDevice({label:s}),h=[...Za,...i].join(", "),c=`${u.description} with default limits (it refused ${h})`;return{...u,description:c,device:l}}}async function $C(e){const{adapter:t,description:r,isSoftware:s,device:n}=await kC(e);IC(n);const o=new Hs(n,t.info),i=CC(n,r);return Ja.set(o,i),wh(Ut)&&Do(Ut),No(Ut,()=>o),await gh(Ut),{device:n,backend:o,health:i,description:r,isSoftware:s,async close(){await n.queue.onSubmittedWorkDone(),Do(Ut),n.destroy(),await n.lost}}}var eu,tu=Promise.resolve();async function RC({allowSoftware:e=!1,profile:t=!1}={}){const r=eu??={device:tu.then(()=>$C(t)),users:0};r.users++;const s=async i=>{--r.users>0||(eu=void 0,i&&await(tu=i.close()))};let n;try{if(n=await r.device,n.health.throwIfFailed(),n.isSoftware&&!e)throw new Error("Cannot use WebGPU as its adapter must not compute on the CPU: current adapter is "+n.description)}catch(i){throw await s(n),i}let o=!1;return{...n,async close(){o||(o=!0,await s(n))}}}var ru=class{device;#e;constructor(e){this.device=e}upload(e,t){(!this.#e||this.#e.size<e.byteLength)&&(this.#e?.destroy(),this.#e=this.device.createBuffer({label:"input",size:e.byteLength,usage:GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_DST|GPUBufferUsage.COPY_SRC}));const r=e.buffer instanceof ArrayBuffer?e:e.slice();return this.device.queue.writeBuffer(this.#e,0,r),Et({buffer:this.#e,zeroCopy:!0},t,"float32")}dispose(){this.#e?.destroy(),this.#e=void 0}},PC=65535,AC=`
fn workgroupIndex() -> i32 {
  return i32(workgroupId.y * numWorkgroups.x + workgroupId.x);
}`;function EC({name:e,inputs:t}){const{[e]:r}={[e]:class{run;outputShape;variableNames;variableComponents;outputComponent;dispatchLayout;workgroupSize;uniforms;dispatch;shaderKey;constructor(s,n){this.run=s,this.outputShape=n,this.variableNames=[...t],this.dispatchLayout={x:[0]};const o=Math.ceil(s.workgroups/PC);this.dispatch=[Math.ceil(s.workgroups/o),o,1],this.shaderKey=`${e}_${s.variant}`,this.variableComponents=[...s.inputComponents],this.outputComponent=s.outputComponents,this.workgroupSize=[s.workgroupSize,1,1];let i="";for(const a in s.integers)i+=`${a} : i32, `;for(const a in s.floats)i+=`${a} : f32, `;this.uniforms=i}getUserCode(){const s=this.run.source();return s.includes("workgroupIndex()")?AC+s:s}}};return r}function oe(e){const{name:t,inputs:r}=e,s=EC(e);return lo({kernelName:t,backendName:Ut,kernelFunc({inputs:n,attrs:o,backend:i}){const a=i,u=n.destination,l=e.plan(o),h=u?.shape??l.outputShape??[],c=new s(l,h),d=[...Object.values(l.integers??{}).map(f=>({type:"int32",data:[f]})),...Object.values(l.floats??{}).map(f=>({type:"float32",data:[f]}))],p=()=>a.runWebGPUProgram(c,r.map(f=>n[f]),"float32",d,u);return SC(a).guardFirstRun(t,c.shaderKey,p)}}),(n,o,i)=>{const a={};return r.forEach((u,l)=>a[u]=n[l]),i&&(a.destination=i),Dt().runKernel(t,a,{...o})}}var DC={mean:`
    var sum = 0.0;
    for (var pixel = 0; pixel < uniforms.pixels; pixel++) {
      sum += input[(example * uniforms.pixels + pixel) * uniforms.channels + i];
    }
    result[row + uniforms.pooledAt + i] = sum / f32(uniforms.pixels);`,"mean-max":`
    var sum = 0.0;
    var largest = 0.0;
    var peak = 0;
    for (var column = 0; column < uniforms.columns; column++) {
      var frame = 0.0;
      for (var pixel = column; pixel < uniforms.pixels; pixel += uniforms.columns) {
        frame += input[(example * uniforms.pixels + pixel) * uniforms.channels + i];
      }
      sum += frame;
      if (column == 0 || frame > largest) {
        largest = frame;
        peak = column;
      }
    }
    result[row + uniforms.pooledAt + i] =
      (sum + largest * f32(uniforms.columns)) / f32(uniforms.pixels);
    result[row + uniforms.peakAt + i] = f32(peak);`},NC={mean:"let share = uniforms.share;","mean-max":`
  let column = (index / uniforms.channels) % uniforms.columns;
  let isPeak = column == i32(rows[row + uniforms.peak + channel]);
  let share = uniforms.share + select(0.0, uniforms.peakShare, isPeak);`},xe=({batch:e,height:t,width:r})=>e*t*r,hr=e=>[e.batch,e.height,e.width,e.channels],xt=e=>({...e,height:Math.floor(e.height/2),width:Math.floor(e.width/2)}),yt=128;function Vt({input:e,globalPooling:t,units:r,classes:s}){let n=0;const o=a=>(n+=a)-a;return{...{pooled:o(e.channels),peak:o(t==="mean"?0:e.channels),hidden:o(r),logits:o(s),probabilities:o(s),pooledGradient:o(e.channels),hiddenGradient:o(r),logitsGradient:o(s),loss:o(1),correct:o(1)},size:n}}var on=e=>{const{size:t,...r}=Vt(e),s=Object.entries(r).map(([n,o])=>[`${n}At`,o]);return{rowSize:t,...Object.fromEntries(s)}},su=({globalPooling:e,activation:t})=>`${e}_${t}`,nu=({input:{height:e,width:t}})=>({pixels:e*t,columns:t}),an=({input:e,units:t,classes:r,offsets:s})=>({channels:e.channels,units:t,classes:r,...s}),bt=(e,t)=>`
  for (var i = thread; i < ${e}; i += ${yt}) {
    ${t}
  }
  storageBarrier();
  workgroupBarrier();`,ou=({globalPooling:e,activation:t},r)=>`
${bt("uniforms.channels",DC[e])}
${bt("uniforms.units",`var sum = parameters[uniforms.denseBias + i];
    for (var c = 0; c < uniforms.channels; c++) {
      sum += result[row + uniforms.pooledAt + c] *
        parameters[uniforms.denseKernel + c * uniforms.units + i];
    }
    sum = max(sum, 0.0);
    result[row + uniforms.hiddenAt + i] = ${r};`)}
${bt("uniforms.classes",`var sum = parameters[uniforms.logitsBias + i];
    for (var u = 0; u < uniforms.units; u++) {
      sum += result[row + uniforms.hiddenAt + u] *
        parameters[uniforms.logitsKernel + u * uniforms.classes + i];
    }
    result[row + uniforms.logitsAt + i] = sum;`)}
  // Every thread finds the same sum: cheaper than passing it around.
  var highest = result[row + uniforms.logitsAt];
  for (var c = 1; c < uniforms.classes; c++) {
    highest = max(highest, result[row + uniforms.logitsAt + c]);
  }
  var sumOfExponentials = 0.0;
  for (var c = 0; c < uniforms.classes; c++) {
    sumOfExponentials += exp(result[row + uniforms.logitsAt + c] - highest);
  }
${bt("uniforms.classes",`let logit = result[row + uniforms.logitsAt + i];
    result[row + uniforms.probabilitiesAt + i] = ${t==="softmax"?"exp(logit - highest) / sumOfExponentials":"select(exp(logit), 1.0, logit > 0.0) / (1.0 + exp(-abs(logit)))"};`)}`,TC={softmax:`
    let logSum = highest + log(sumOfExponentials);
    var bestOutput = 0;
    var bestTarget = 0;
    for (var c = 0; c < uniforms.classes; c++) {
      let logit = result[row + uniforms.logitsAt + c];
      let wanted = targets[example * uniforms.classes + c];
      loss += wanted * (logSum - logit);
      if (logit > result[row + uniforms.logitsAt + bestOutput]) { bestOutput = c; }
      if (wanted > targets[example * uniforms.classes + bestTarget]) { bestTarget = c; }
    }
    correct = select(0.0, 1.0, bestOutput == bestTarget);`,sigmoid:`
    for (var c = 0; c < uniforms.classes; c++) {
      let logit = result[row + uniforms.logitsAt + c];
      let wanted = targets[example * uniforms.classes + c];
      loss += max(logit, 0.0) - wanted * logit + log(1.0 + exp(-abs(logit)));
      correct += select(0.0, 1.0, (logit > 0.0) == (wanted > 0.5));
    }
    loss /= f32(uniforms.classes);
    correct /= f32(uniforms.classes);`},FC=e=>`
  if (thread == 0) {
    var loss = 0.0;
    var correct = 0.0;
${TC[e]}
    result[row + uniforms.lossAt] = loss;
    result[row + uniforms.correctAt] = correct;
  }
  var sumOfTargets = 0.0;
  for (var c = 0; c < uniforms.classes; c++) {
    sumOfTargets += targets[example * uniforms.classes + c];
  }
${bt("uniforms.classes",`let probability = result[row + uniforms.probabilitiesAt + i];
    let wanted = targets[example * uniforms.classes + i];
    result[row + uniforms.logitsGradientAt + i] = ${e==="softmax"?"(probability * sumOfTargets - wanted) * uniforms.share":"(probability - wanted) * uniforms.share / f32(uniforms.classes)"};`)}
${bt("uniforms.units",`var sum = 0.0;
    for (var c = 0; c < uniforms.classes; c++) {
      sum += result[row + uniforms.logitsGradientAt + c] *
        parameters[uniforms.logitsKernel + i * uniforms.classes + c];
    }
    let isActive = result[row + uniforms.hiddenAt + i] > 0.0;
    result[row + uniforms.hiddenGradientAt + i] = select(0.0, sum * uniforms.kept, isActive);`)}
${bt("uniforms.channels",`var sum = 0.0;
    for (var u = 0; u < uniforms.units; u++) {
      sum += result[row + uniforms.hiddenGradientAt + u] *
        parameters[uniforms.denseKernel + i * uniforms.units + u];
    }
    result[row + uniforms.pooledGradientAt + i] = sum;`)}`,iu=`
  let thread = i32(localIndex);
  let example = workgroupIndex();
  let row = example * uniforms.rowSize;`,MC=oe({name:"MelstreamTrainClassifier",inputs:["input","parameters","targets"],plan(e){const{input:t,activation:r,dropoutRate:s,dropoutSeed:n}=e;return{variant:su(e),outputShape:[t.batch,Vt(e).size],outputComponents:1,inputComponents:[1,1,1],workgroups:t.batch,workgroupSize:yt,integers:{...nu(e),...an(e),...on(e),dropoutKey:Math.imul(n,2654435761),dropoutThreshold:Math.ceil(s*2**32)|0},floats:{share:1/t.batch,kept:1/(1-s)},source:()=>`
fn mix(value : u32) -> u32 {
  var h = (value ^ (value >> 16u)) * 0x85ebca6bu;
  h = (h ^ (h >> 13u)) * 0xc2b2ae35u;
  return h ^ (h >> 16u);
}

fn drop(activation : f32, example : i32, unit : i32) -> f32 {
  let hash = mix(mix(u32(example * uniforms.units + unit)) ^ bitcast<u32>(uniforms.dropoutKey));
  return select(0.0, activation * uniforms.kept, hash >= bitcast<u32>(uniforms.dropoutThreshold));
}

fn main(index : i32) {
${iu}
${ou(e,"drop(sum, example, i)")}
${FC(r)}
}`}}}),zC=oe({name:"MelstreamClassify",inputs:["input","parameters"],plan(e){const{input:t}=e;return{variant:su(e),outputShape:[t.batch,Vt(e).size],outputComponents:1,inputComponents:[1,1],workgroups:t.batch,workgroupSize:yt,integers:{...nu(e),...an(e),...on(e)},source:()=>`
fn main(index : i32) {
${iu}
${ou(e,"sum")}
}`}}}),BC=oe({name:"MelstreamClassifierGradient",inputs:["rows"],plan(e){const{input:t,units:r,classes:s}=e,n=(t.channels+1)*r+(r+1)*s;return{variant:"",outputComponents:1,inputComponents:[1],workgroups:Math.ceil(n/yt),workgroupSize:yt,integers:{batch:t.batch,elements:n,...an(e),...on(e)},source:()=>`
fn sumOver(inputAt : i32, gradientAt : i32, isBias : bool) -> f32 {
  var sum = 0.0;
  for (var example = 0; example < uniforms.batch; example++) {
    let row = example * uniforms.rowSize;
    var value = 1.0;
    if (!isBias) { value = rows[row + inputAt]; }
    sum += value * rows[row + gradientAt];
  }
  return sum;
}

fn main(index : i32) {
  if (index >= uniforms.elements) { return; }
  let denseSize = (uniforms.channels + 1) * uniforms.units;
  if (index < denseSize) {
    let channel = index / uniforms.units;
    let unit = index - channel * uniforms.units;
    let isBias = channel == uniforms.channels;
    let at = select(uniforms.denseKernel + index, uniforms.denseBias + unit, isBias);
    result[at] = sumOver(uniforms.pooledAt + channel, uniforms.hiddenGradientAt + unit, isBias);
  } else {
    let unit = (index - denseSize) / uniforms.classes;
    let output = index - denseSize - unit * uniforms.classes;
    let isBias = unit == uniforms.units;
    let at = select(uniforms.logitsKernel + index - denseSize, uniforms.logitsBias + output, isBias);
    result[at] = sumOver(uniforms.hiddenAt + unit, uniforms.logitsGradientAt + output, isBias);
  }
}`}}}),_C=oe({name:"MelstreamSpreadGradient",inputs:["rows"],plan(e){const{input:t,globalPooling:r}=e,{height:s,width:n}=t,o=s*n,i=t.batch*o*t.channels,{size:a,peak:u,pooledGradient:l}=Vt(e);return{variant:r,outputShape:hr(t),outputComponents:1,inputComponents:[1],workgroups:Math.ceil(i/yt),workgroupSize:yt,integers:{elements:i,exampleSize:o*t.channels,channels:t.channels,columns:n,rowSize:a,peak:u,pooledGradient:l},floats:{share:1/o,peakShare:1/s},source:()=>`
fn main(index : i32) {
  if (index >= uniforms.elements) { return; }
  let example = index / uniforms.exampleSize;
  let channel = index % uniforms.channels;
  let row = example * uniforms.rowSize;
  ${NC[r]}
  result[index] = rows[row + uniforms.pooledGradient + channel] * share;
}`}}});function au(e){return WC("a whole number",e,Number.isSafeInteger)}function OC(e){const t=au(e);return{rule:`a list of which each is ${t.rule}`,contains:r=>Array.isArray(r)&&r.length>0&&r.every(t.contains),parse:r=>r.split(",").map(uu),format:r=>r.join(",")}}function LC(...e){return{rule:e.join(", ").replace(/, (?=[^,]*$)/," or "),contains:t=>e.some(r=>r===t),parse:t=>e.find(r=>r===t),format:t=>t,choices:e}}function WC(e,t,r){const{min:s=-1/0,above:n=-1/0,max:o=1/0,below:i=1/0}=t;return{rule:[e,UC(t)].join(" ").trimEnd(),contains:a=>typeof a=="number"&&r(a)&&a>=s&&a>n&&a<=o&&a<i,parse:uu,format:String}}function UC({min:e,above:t,max:r,below:s}){if(e!==void 0&&r!==void 0)return`from ${e} to ${r}`;const n=[],o=(i,a)=>a!==void 0&&n.push(i+a);return o("of at least ",e),o("above ",t),o("of at most ",r),o("below ",s),n.join(" and ")}function uu(e){return e.trim()===""?NaN:Number(e)}var VC=["mean","mean-max"],a3={channels:{range:OC({min:1}),default:[32,64,128,256],help:"channels of the network's blocks",group:"Network",placeholder:"list"},globalPooling:{range:LC(...VC),default:"mean-max",help:"how its blocks' output is pooled; mean-max: mean plus maximum over time",group:"Network",placeholder:"how"},denseUnits:{range:au({min:1}),default:128,help:"units of its hidden dense layer",group:"Network"}},pr=1e-5,jr=.9,Qe={trained:0,decayed:1,runningStatistic:2,frozen:3},GC={trained:Qe.trained,decayed:Qe.decayed,"running-statistic":Qe.runningStatistic,frozen:Qe.frozen},St=e=>Math.ceil(e/4)*4;function qC({name:e,shape:t},{hidden:r,logits:s}){if(t.length===4){const[n,o,i,a]=t;return[n,o,i===1?1:St(i),St(a)]}return e===r.kernel?[St(t[0]),t[1]]:[r.bias,s.kernel,s.bias].includes(e)?[...t]:[St(t[0])]}function lu(e,t){const{shape:r,paddedShape:s}=e,n=r[r.length-1],o=s[r.length-1],i=r.length>1?r[r.length-2]:1,a=r.length>1?s[r.length-2]:1,u=ht(r)/n;for(let l=0;l<u;l++){const h=Math.floor(l/i),c=l%i;t(l*n,e.offset+(h*a+c)*o,n)}}function HC(e){let t=0;const r=e.weights.map(o=>{const i=qC(o,e),a=t;return t+=St(ht(i)),{...o,offset:a,paddedShape:i}}),s=o=>o?r.filter(zm):r,n=o=>{const i=new Float32Array(t/4);for(const a of r){const{offset:u,paddedShape:l}=a,h=u+St(ht(l));i.fill(o(a),u/4,h/4)}return i};return{slots:r,size:t,slot(o){const i=r.find(a=>a.name===o);if(!i)throw new RangeError(`Cannot find weight ${o}: the model has none of that name`);return i},pack(o,i){const a=new Float32Array(t);for(const u of s(i)){const{values:l}=Jm(o,u);lu(u,(h,c,d)=>a.set(l.subarray(h,h+d),c))}return a},unpack(o,i){return s(i).map(a=>{const u=new Float32Array(ht(a.shape));return lu(a,(l,h,c)=>u.set(o.subarray(h,h+c),l)),{name:a.name,shape:a.shape,values:u}})},roles:()=>n(({role:o})=>GC[o]),learningRateFactors:()=>n(({learningRateFactor:o})=>o)}}var Gt=128,Ye=64,KC=oe({name:"MelstreamGradientSquares",inputs:["updates","roles"],plan:({size:e})=>({variant:"",outputShape:[Ye],outputComponents:1,inputComponents:[4,1],workgroups:Ye,workgroupSize:Gt,integers:{quads:e/4},source:()=>`
var<workgroup> sums : array<f32, ${Gt}>;

fn main(index : i32) {
  var sum = 0.0;
  for (var quad = index; quad < uniforms.quads; quad += ${Gt*Ye}) {
    if (roles[quad] < ${Qe.runningStatistic}.0) {
      sum += dot(updates[quad], updates[quad]);
    }
  }
  sums[localIndex] = sum;
  workgroupBarrier();
  if (localIndex == 0u) {
    for (var i = 1; i < ${Gt}; i++) { sum += sums[i]; }
    result[workgroupIndex()] = sum;
  }
}`})}),jC=oe({name:"MelstreamAdam",inputs:["updates","roles","squares","factors"],plan:({size:e,step:t,learningRate:r,weightDecay:s,clipNorm:n})=>({variant:"",outputComponents:4,inputComponents:[4,1,4,1],workgroups:Math.ceil(e/4/Gt),workgroupSize:Gt,integers:{quads:e/4},floats:{clipNorm:n,stepSize:r/(1-dt.beta1**t),inverseBias:1/(1-dt.beta2**t),decay:r*s},source:()=>`
fn main(quad : i32) {
  if (quad >= uniforms.quads) { return; }
  // Every thread adds the same few shares: cheaper than a dispatch or a barrier for it.
  var shares = vec4<f32>(0.0);
  for (var i = 0; i < ${Ye/4}; i++) { shares += squares[i]; }
  let norm = sqrt(dot(shares, vec4<f32>(1.0)));
  let clips = uniforms.clipNorm > 0.0 && norm > uniforms.clipNorm;
  let clipScale = select(1.0, uniforms.clipNorm / norm, clips);
  let role = roles[quad];
  if (role == ${Qe.frozen}.0) { return; }
  var value = result[quad];
  if (role == ${Qe.runningStatistic}.0) {
    result[quad] = ${jr} * value + ${(1-jr).toFixed(8)} * updates[quad];
    return;
  }
  let factor = factors[quad];
  if (role == ${Qe.decayed}.0) { value *= 1.0 - factor * uniforms.decay; }
  let gradient = clipScale * updates[quad];
  let first = ${dt.beta1} * result[uniforms.quads + quad] +
    ${(1-dt.beta1).toFixed(8)} * gradient;
  let second = ${dt.beta2} * result[2 * uniforms.quads + quad] +
    ${(1-dt.beta2).toFixed(8)} * gradient * gradient;
  result[quad] = value - factor * uniforms.stepSize * first /
    (sqrt(second * uniforms.inverseBias) + ${dt.epsilon});
  result[uniforms.quads + quad] = first;
  result[2 * uniforms.quads + quad] = second;
}`})});function XC(e,t,r,s,n){const o=KC([t,r],n);return jC([t,r,o,s],n,e),o}var cu=4,QC=oe({name:"MelstreamAddStepMetrics",inputs:["rows","squares"],plan(e){const{size:t,loss:r,correct:s}=Vt(e);return{variant:"",outputComponents:1,inputComponents:[1,1],workgroups:1,workgroupSize:Ye,integers:{batch:e.input.batch,rowSize:t,loss:r,correct:s},source:()=>`
var<workgroup> sums : array<vec3<f32>, ${Ye}>;

fn main(index : i32) {
  var sum = vec3<f32>(0.0, 0.0, squares[index]);
  for (var example = index; example < uniforms.batch; example += ${Ye}) {
    sum.x += rows[example * uniforms.rowSize + uniforms.loss];
    sum.y += rows[example * uniforms.rowSize + uniforms.correct];
  }
  sums[index] = sum;
  workgroupBarrier();
  if (index == 0) {
    for (var i = 1; i < ${Ye}; i++) { sum += sums[i]; }
    result[0] += sum.x;
    result[1] += sum.y;
    result[2] = max(result[2], sqrt(sum.z));
  }
}`}}});function YC(e){const t=Gm(e),r=t.supported&&t.chain.blocks.find(({epsilon:s,momentum:n})=>s!==pr||n!==jr);return r?{supported:!1,reason:`its batch normalisations must have epsilon ${pr} and momentum ${jr}: one has ${r.epsilon} and ${r.momentum}`}:t}var du=Array.from({length:16},(e,t)=>`${t>>1}${"ab"[t&1]}`),ZC={float32:{name:"float32",quadType:"vec4<f32>",load:e=>e,loadScaled:e=>e,step:e=>e("sum"),result:e=>e,uniforms:()=>({})},float16:{name:"float16",quadType:"vec4<f16>",load:e=>`vec4<f16>(${e})`,loadScaled:e=>`vec4<f16>(uniforms.scale * ${e})`,step:e=>[...du.map(t=>`var part${t} = vec4<f16>(0.0h);`),e("part"),...du.map(t=>`sum${t} += vec4<f32>(part${t});`)].join(`
`),result:e=>`uniforms.inverseScale * ${e}`,uniforms:e=>({scale:e,inverseScale:1/e})}},hu=(e="float32")=>ZC[e];function pu(e){return 2**Math.max(0,Math.round(Math.log2(xe(e)))-4)}var Z=16,Ge=16,JC=512,eI=128;function un(e){const t=Math.min(JC,Math.ceil(e/eI)),r=Math.ceil(e/t);return{pixelsOfShare:r,shares:Math.ceil(e/r)}}var ln=`
var<workgroup> firstSums : array<vec4<f32>, ${Z*Ge}>;
var<workgroup> secondSums : array<vec4<f32>, ${Z*Ge}>;

struct Pair { first : vec4<f32>, second : vec4<f32> }

fn addColumns(pair : Pair) -> Pair {
  let thread = i32(localIndex);
  firstSums[thread] = pair.first;
  secondSums[thread] = pair.second;
  workgroupBarrier();
  var sum = pair;
  if (thread < ${Z}) {
    for (var row = 1; row < ${Ge}; row++) {
      sum.first += firstSums[thread + row * ${Z}];
      sum.second += secondSums[thread + row * ${Z}];
    }
  }
  return sum;
}`,tI=oe({name:"MelstreamBatchNormPartials",inputs:["values"],plan({shape:e}){const t=xe(e),r=e.channels/4,{pixelsOfShare:s,shares:n}=un(t);return{variant:"",outputShape:[n,2,e.channels],outputComponents:4,inputComponents:[4],workgroups:n*Math.ceil(r/Z),workgroupSize:Z*Ge,integers:{pixels:t,quads:r,pixelsOfShare:s},source:()=>`
${ln}
fn main(index : i32) {
  let thread = i32(localIndex);
  let tiles = (uniforms.quads + ${Z-1}) / ${Z};
  let share = workgroupIndex() / tiles;
  let quad = (workgroupIndex() % tiles) * ${Z} + thread % ${Z};
  let inside = quad < uniforms.quads;
  var sum = Pair(vec4<f32>(0.0), vec4<f32>(0.0));
  if (inside) {
    let pivot = values[(uniforms.pixels / 2) * uniforms.quads + quad];
    let end = min((share + 1) * uniforms.pixelsOfShare, uniforms.pixels);
    for (var pixel = share * uniforms.pixelsOfShare + thread / ${Z}; pixel < end;
         pixel += ${Ge}) {
      let distance = values[pixel * uniforms.quads + quad] - pivot;
      sum.first += distance;
      sum.second += distance * distance;
    }
  }
  sum = addColumns(sum);
  if (inside && thread < ${Z}) {
    result[(share * 2) * uniforms.quads + quad] = sum.first;
    result[(share * 2 + 1) * uniforms.quads + quad] = sum.second;
  }
}`}}}),rI=oe({name:"MelstreamBatchNormStatistics",inputs:["values","partials"],plan({shape:e,meanOffset:t,varianceOffset:r}){const s=xe(e),n=e.channels/4;return{variant:"",outputComponents:4,inputComponents:[4,4],workgroups:Math.ceil(n/Z),workgroupSize:Z*Ge,integers:{pixels:s,quads:n,shares:un(s).shares,meanQuad:t/4,varianceQuad:r/4},source:()=>`
${ln}
fn main(index : i32) {
  let thread = i32(localIndex);
  let quad = workgroupIndex() * ${Z} + thread % ${Z};
  let inside = quad < uniforms.quads;
  var sum = Pair(vec4<f32>(0.0), vec4<f32>(0.0));
  if (inside) {
    for (var share = thread / ${Z}; share < uniforms.shares; share += ${Ge}) {
      sum.first += partials[(share * 2) * uniforms.quads + quad];
      sum.second += partials[(share * 2 + 1) * uniforms.quads + quad];
    }
  }
  sum = addColumns(sum);
  if (inside && thread < ${Z}) {
    let distance = sum.first / f32(uniforms.pixels);
    let variance = sum.second / f32(uniforms.pixels) - distance * distance;
    let pivot = values[(uniforms.pixels / 2) * uniforms.quads + quad];
    result[uniforms.meanQuad + quad] = pivot + distance;
    result[uniforms.varianceQuad + quad] = max(variance, vec4<f32>(0.0));
  }
}`}}});function sI(e,t,r){const s=tI([e],t);rI([e,s],t,r),s.dispose()}function ee(e,t){return Array.from({length:e},(r,s)=>t(s)).join(`
`)}var fr=128,Xr=16,qt=8,fu=8;function nI(e,t){const r=Xr/4,s=[];for(let n=0;n<r;n++){for(let o=0;o<4;o++){const i=`filterTile[${n*4+o}]`;s.push(`let f${n}${o}a = ${i}[column];`,`let f${n}${o}b = ${i}[${e} + column];`)}for(let o=0;o<qt;o++){const i=`p${n}${o}`;s.push(`let ${i} = pixelTile[${o}][row][${n}];`);for(let a=0;a<4;a++)s.push(`${t}${o}a += ${i}.${"xyzw"[a]} * f${n}${a}a;`,`${t}${o}b += ${i}.${"xyzw"[a]} * f${n}${a}b;`)}}return s.join(`
`)}function oI(e,t){const{quadType:r}=t,s=e/fu,n=fr/qt,o=s*n,i=Xr/4,a=o/i,u=fr/a,l=Xr*(e/4)/o,h=c=>ee(u,d=>c(`pixel${d}`,`loadPixel(place${d}, tap, quad + loadQuad)`,`pixelTile[(loadRow + ${d*a}) / ${n}][loadRow % ${n}][loadQuad]`,t.loadScaled(`pixel${d}`)))+`
`+ee(l,d=>{const p=`(thread + ${d*o})`,f=e/4;return c(`filter${d}`,`loadFilter(tap, quad * 4 + ${p} / ${f}, firstQuad + ${p} % ${f})`,`filterTile[${p} / ${f}][${p} % ${f}]`,t.load(`filter${d}`))});return`
var<workgroup> pixelTile : array<array<array<${r}, ${i}>, ${n}>, ${qt}>;
var<workgroup> filterTile : array<array<${r}, ${e/4}>, ${Xr}>;

// Row, column of a pixel, and the index of its first quad of channels; off the image where there is none.
struct Place { y : i32, x : i32, quad : i32 }

fn placeOf(pixel : i32) -> Place {
  let line = pixel / uniforms.width;
  let y = select(-2, line % uniforms.height, pixel < uniforms.pixels);
  return Place(y, pixel - line * uniforms.width, pixel * uniforms.inputQuads);
}

// Four channels of a pixel's neighbour under the step's tap, zero outside the image.
fn loadPixel(place : Place, tap : i32, quad : i32) -> vec4<f32> {
  let tapY = tap / 3 - 1;
  let tapX = tap % 3 - 1;
  let y = place.y + tapY;
  let x = place.x + tapX;
  let inside = (y >= 0) & (y < uniforms.height) & (x >= 0) & (x < uniforms.width) &
    (quad < uniforms.inputQuads);
  let value = input[place.quad + (tapY * uniforms.width + tapX) * uniforms.inputQuads + quad];
  return select(vec4<f32>(0.0), value, inside);
}

// Four outputs of one input channel of the filter under the step's tap, zero outside the filter.
fn loadFilter(tap : i32, channel : i32, outputQuad : i32) -> vec4<f32> {
  let inside = (tap < 9) & (channel < uniforms.inputQuads * 4) & (outputQuad < uniforms.outputQuads);
  let value = filters[uniforms.filterQuad +
    (tap * uniforms.inputQuads * 4 + channel) * uniforms.outputQuads + outputQuad];
  return select(vec4<f32>(0.0), value, inside);
}

fn main(index : i32) {
  let thread = i32(localIndex);
  let tile = workgroupIndex();
  let outputTiles = (uniforms.outputQuads + ${e/4-1}) / ${e/4};
  let firstPixel = (tile / outputTiles) * ${fr};
  let firstQuad = (tile % outputTiles) * ${e/4};
  let row = thread / ${s};
  let column = thread % ${s};
  let loadQuad = thread % ${i};
  let loadRow = thread / ${i};
${ee(u,c=>`let place${c} = placeOf(firstPixel + loadRow + ${c*a});`)}
${ee(qt,c=>`var sum${c}a = vec4<f32>(0.0); var sum${c}b = vec4<f32>(0.0);`)}
  let quadsOfTap = (uniforms.inputQuads + ${i-1}) / ${i};
  var tap = 0;
  var quad = 0;
${h((c,d)=>`var ${c} = ${d};`)}
  for (var step = 0; step < 9 * quadsOfTap; step++) {
${h((c,d,p,f)=>`${p} = ${f};`)}
    workgroupBarrier();
    // The next step's values are on their way while this step is computed.
    quad += ${i};
    let isLast = quad >= uniforms.inputQuads;
    quad = select(quad, 0, isLast);
    tap += i32(isLast);
${h((c,d)=>`${c} = ${d};`)}
${t.step(c=>nI(s,c))}
    workgroupBarrier();
  }
${ee(qt,c=>{const[d,p]=["a","b"].map(f=>t.result(`sum${c}${f}`));return`{
    let pixel = firstPixel + row + ${c*n};
    let quad = firstQuad + column;
    if (pixel < uniforms.pixels) {
      if (quad < uniforms.outputQuads) { result[pixel * uniforms.outputQuads + quad] = ${d}; }
      if (quad + ${s} < uniforms.outputQuads) {
        result[pixel * uniforms.outputQuads + quad + ${s}] = ${p};
      }
    }
  }`})}
}`}var mu=oe({name:"MelstreamConv2D",inputs:["input","filters"],plan({input:e,outputs:t,filterOffset:r,precision:s,scale:n=1}){const o=hu(s),i=t<=32?32:64,a=xe(e);return{variant:`${i}_${o.name}`,outputShape:hr({...e,channels:t}),outputComponents:4,inputComponents:[4,4],workgroups:Math.ceil(a/fr)*Math.ceil(t/i),workgroupSize:fr/qt*(i/fu),integers:{pixels:a,height:e.height,width:e.width,inputQuads:e.channels/4,outputQuads:t/4,filterQuad:r/4},floats:o.uniforms(n),source:()=>oI(i,o)}}}),gu=64,wu=64,Oe=16,iI=64,aI=1024,uI=256;function lI({input:e,outputs:t}){const r=Math.ceil(9*e.channels/gu)*Math.ceil(t/wu),s=xe(e),n=Math.min(Math.ceil(aI/r),Math.ceil(s/uI)),o=Math.ceil(s/n/Oe);return{tiles:r,steps:o,shares:Math.ceil(s/(o*Oe))}}function cI(e){const t=[];for(let r=0;r<Oe;r++){for(const[s,n,o]of[["r","rowTile","row"],["g","gradientTile","column"]])t.push(`let ${s}${r}a = ${n}[${r}][${o}];`,`let ${s}${r}b = ${n}[${r}][8 + ${o}];`);for(let s=0;s<8;s++){const n=`r${r}${s<4?"a":"b"}.${"xyzw"[s%4]}`;t.push(`${e}${s}a += ${n} * g${r}a;`,`${e}${s}b += ${n} * g${r}b;`)}}return t.join(`
`)}function dI(e){const{quadType:t}=e;return`
var<workgroup> rowTile : array<array<${t}, ${gu/4}>, ${Oe}>;
var<workgroup> gradientTile : array<array<${t}, ${wu/4}>, ${Oe}>;

// A pixel and where it lies in its image.
struct Cursor { pixel : i32, y : i32, x : i32 }

fn cursorAt(pixel : i32) -> Cursor {
  let line = pixel / uniforms.width;
  return Cursor(pixel, line % uniforms.height, pixel - line * uniforms.width);
}

// ${Oe} pixels further, without a division: some lines and columns, of which each may turn over once.
fn advance(start : Cursor) -> Cursor {
  let x = start.x + uniforms.stepColumns;
  let turns = x >= uniforms.width;
  let y = start.y + uniforms.stepLines + i32(turns);
  return Cursor(
    start.pixel + ${Oe},
    select(y, y - uniforms.height, y >= uniforms.height),
    select(x, x - uniforms.width, turns),
  );
}

// The quad of rows of the left matrix that a thread loads: a tap of the filter and four channels.
struct Row { tapY : i32, tapX : i32, neighbour : i32, isInside : bool }

fn loadRow(row : Row, cursor : Cursor) -> vec4<f32> {
  let y = cursor.y + row.tapY;
  let x = cursor.x + row.tapX;
  let inside = row.isInside & (cursor.pixel < uniforms.pixels) & (y >= 0) & (y < uniforms.height) &
    (x >= 0) & (x < uniforms.width);
  let value = input[cursor.pixel * uniforms.inputQuads + row.neighbour];
  return select(vec4<f32>(0.0), value, inside);
}

fn loadGradient(quad : i32, cursor : Cursor) -> vec4<f32> {
  let inside = (quad < uniforms.outputQuads) & (cursor.pixel < uniforms.pixels);
  return select(vec4<f32>(0.0), gradient[cursor.pixel * uniforms.outputQuads + quad], inside);
}

fn main(index : i32) {
  let thread = i32(localIndex);
  let outputTiles = (uniforms.outputQuads + 15) / 16;
  let rows = 9 * uniforms.inputQuads;
  let tiles = ((rows + 15) / 16) * outputTiles;
  let share = workgroupIndex() / tiles;
  let tile = workgroupIndex() % tiles;
  let firstRow = (tile / outputTiles) * 16;
  let firstQuad = (tile % outputTiles) * 16;
  let row = thread / 8;
  let column = thread % 8;
  // Each thread loads one quad of rows and one of outputs, for every fourth pixel.
  let quadOfRows = firstRow + thread % 16;
  let quadOfOutputs = firstQuad + thread % 16;
  let tap = quadOfRows / uniforms.inputQuads;
  let tapY = tap / 3 - 1;
  let tapX = tap % 3 - 1;
  let channelQuad = quadOfRows - tap * uniforms.inputQuads;
  let neighbour = (tapY * uniforms.width + tapX) * uniforms.inputQuads + channelQuad;
  let loadedRow = Row(tapY, tapX, neighbour, quadOfRows < rows);
${ee(4,r=>`
  var cursor${r} = cursorAt(share * uniforms.steps * ${Oe} + thread / 16 + ${r*4});
  var nextRow${r} = loadRow(loadedRow, cursor${r});
  var nextGradient${r} = loadGradient(quadOfOutputs, cursor${r});`)}
${ee(8,r=>`var sum${r}a = vec4<f32>(0.0); var sum${r}b = vec4<f32>(0.0);`)}
  for (var step = 0; step < uniforms.steps; step++) {
${ee(4,r=>`rowTile[thread / 16 + ${r*4}][thread % 16] = ${e.load(`nextRow${r}`)};
    gradientTile[thread / 16 + ${r*4}][thread % 16] = ${e.loadScaled(`nextGradient${r}`)};`)}
    workgroupBarrier();
    // The next step's values are on their way while this step is computed.
${ee(4,r=>`cursor${r} = advance(cursor${r});
    nextRow${r} = loadRow(loadedRow, cursor${r});
    nextGradient${r} = loadGradient(quadOfOutputs, cursor${r});`)}
${e.step(cI)}
    workgroupBarrier();
  }
  let firstResult = share * rows * 4 * uniforms.outputQuads;
${ee(8,r=>{const[s,n]=["a","b"].map(o=>e.result(`sum${r}${o}`));return`{
    let quad = firstRow + row + ${r<4?0:8};
    let output = firstQuad + column;
    if (quad < rows) {
      let place = firstResult + (quad * 4 + ${r%4}) * uniforms.outputQuads + output;
      if (output < uniforms.outputQuads) { result[place] = ${s}; }
      if (output + 8 < uniforms.outputQuads) { result[place + 8] = ${n}; }
    }
  }`})}
}`}var hI=oe({name:"MelstreamConv2DFilterGradient",inputs:["input","gradient"],plan(e){const{input:t,outputs:r,precision:s}=e,n=hu(s),{tiles:o,steps:i,shares:a}=lI(e);return{variant:n.name,outputShape:[a,9*t.channels*r],outputComponents:4,inputComponents:[4,4],workgroups:o*a,workgroupSize:iI,integers:{pixels:xe(t),height:t.height,width:t.width,inputQuads:t.channels/4,outputQuads:r/4,steps:i,stepLines:Math.floor(Oe/t.width)%t.height,stepColumns:Oe%t.width},floats:n.uniforms(pu(t)),source:()=>dI(n)}}}),se=9,Qr=se+se*(se+1)/2,Yr=56,Zr=64;function vu(e,t){const r=Math.ceil(e/Math.min(512,Math.ceil(e/t)));return{share:r,shares:Math.ceil(e/r)}}var xu=`
fn inputAt(image : i32, y : i32, x : i32) -> f32 {
  let inside = (y >= 0) & (y < uniforms.height) & (x >= 0) & (x < uniforms.width);
  let value = input[(image * uniforms.height + y) * uniforms.width + x];
  return select(0.0, value * uniforms.inputScale + uniforms.inputOffset, inside);
}`,yu=`
fn distanceOf(tap : i32) -> f32 { return moments[tap] * uniforms.share; }

fn covarianceOf(a : i32, b : i32) -> f32 {
  let t = min(a, b);
  let u = max(a, b);
  let product = moments[${se} + t * ${se} - t * (t - 1) / 2 + u - t] * uniforms.share;
  return product - distanceOf(t) * distanceOf(u);
}`,bu=`
${xu}
struct Norm { mean : vec4<f32>, inverse : vec4<f32>, gamma : vec4<f32>, beta : vec4<f32> }

fn normOf(quad : i32) -> Norm {
  return Norm(
    statistics[uniforms.meanQuad + quad],
    inverseSqrt(statistics[uniforms.varianceQuad + quad] + ${pr}),
    parameters[uniforms.gammaQuad + quad],
    parameters[uniforms.betaQuad + quad],
  );
}`,Su=ee(se,e=>`let w${e} = parameters[uniforms.filterQuad + ${e} * uniforms.quads + quad];`),Cu=ee(16,e=>`let p${e} = inputAt(image, y + ${Math.floor(e/4)-1}, x + ${e%4-1});`),Iu=(e,t)=>(Math.floor(e/2)+Math.floor(t/3))*4+e%2+t%3,ku=ee(4,e=>`let a${e} = (${Array.from({length:se},(t,r)=>`p${Iu(e,r)} * w${r}`).join(" + ")} - norm.mean) * norm.inverse * norm.gamma + norm.beta;`);function $u(e){const{shape:t}=e,r=xt(t);return{integers:{height:t.height,width:t.width,rows:r.height,columns:r.width,quads:t.channels/4,filterQuad:e.filterOffset/4,gammaQuad:e.gammaOffset/4,betaQuad:e.betaOffset/4,meanQuad:e.meanOffset/4,varianceQuad:e.varianceOffset/4},floats:{inputScale:e.inputScale,inputOffset:e.inputOffset}}}var Ru=128,Pu=oe({name:"MelstreamFirstBlock",inputs:["input","parameters","statistics"],plan(e){const{shape:t}=e,r=xt(t),s=xe(r)*t.channels/4,{integers:n,floats:o}=$u(e);return{variant:"",outputShape:hr(r),outputComponents:4,inputComponents:[1,4,4],workgroups:Math.ceil(s/Ru),workgroupSize:Ru,integers:{elements:s,...n},floats:o,source:()=>`
${bu}
fn main(index : i32) {
  if (index >= uniforms.elements) { return; }
  let window = index / uniforms.quads;
  let quad = index - window * uniforms.quads;
  let row = window / uniforms.columns;
  let x = (window - row * uniforms.columns) * 2;
  let image = row / uniforms.rows;
  let y = (row - image * uniforms.rows) * 2;
  let norm = normOf(quad);
${Su}
${Cu}
${ku}
  result[index] = max(max(max(a0, a1), max(a2, a3)), vec4<f32>(0.0));
}`}}}),pI=e=>e>16?{columnThreads:16,rowThreads:16}:{columnThreads:128,rowThreads:1},Jr=oe({name:"MelstreamSumPartials",inputs:["partials"],plan({rows:e,columns:t,offset:r}){const{columnThreads:s,rowThreads:n}=pI(e);return{variant:`${n}`,outputShape:[t],outputComponents:4,inputComponents:[4],workgroups:Math.ceil(t/4/s),workgroupSize:s*n,integers:{rows:e,quads:t/4,firstQuad:r/4},source:()=>`
${n>1?`var<workgroup> sums : array<vec4<f32>, ${s*n}>;`:""}

fn main(index : i32) {
  let thread = i32(localIndex);
  let quad = workgroupIndex() * ${s} + thread % ${s};
  let inside = quad < uniforms.quads;
  var sum = vec4<f32>(0.0);
  if (inside) {
    for (var row = thread / ${s}; row < uniforms.rows; row += ${n}) {
      sum += partials[row * uniforms.quads + quad];
    }
  }
${n>1?`  sums[thread] = sum;
  workgroupBarrier();
  if (thread >= ${s}) { return; }
  for (var row = 1; row < ${n}; row++) {
    sum += sums[thread + row * ${s}];
  }`:""}
  if (inside) { result[uniforms.firstQuad + quad] = sum; }
}`}}}),Ae=8,Ct=64,fI=128,It=se+1,mI=oe({name:"MelstreamFirstBlockGradientSums",inputs:["input","parameters","statistics","moments","gradient"],plan(e){const{shape:t}=e,r=xe(xt(t)),{share:s,shares:n}=vu(r,fI),{integers:o,floats:i}=$u(e),a=Ct/Ae;return{variant:"",outputShape:[n,It*t.channels],outputComponents:4,inputComponents:[1,4,4,1,4],workgroups:n*Math.ceil(t.channels/4/Ae),workgroupSize:Ct,integers:{windows:r,windowsOfShare:s,...o},floats:{...i,pivot:e.pivot,share:1/xe(t)},source:()=>`
${bu}
var<workgroup> sums : array<vec4<f32>, ${Ct*It}>;

fn main(index : i32) {
  let thread = i32(localIndex);
  let tiles = (uniforms.quads + ${Ae-1}) / ${Ae};
  let share = workgroupIndex() / tiles;
  let quad = (workgroupIndex() % tiles) * ${Ae} + thread % ${Ae};
  let inside = quad < uniforms.quads;
${ee(It,u=>`var sum${u} = vec4<f32>(0.0);`)}
  if (inside) {
    let norm = normOf(quad);
${Su}
${ee(se,u=>`let m${u} = uniforms.pivot + moments[${u}] * uniforms.share;`)}
    let end = min((share + 1) * uniforms.windowsOfShare, uniforms.windows);
    for (var window = share * uniforms.windowsOfShare + thread / ${Ae}; window < end;
         window += ${a}) {
      let row = window / uniforms.columns;
      let x = (window - row * uniforms.columns) * 2;
      let image = row / uniforms.rows;
      let y = (row - image * uniforms.rows) * 2;
${Cu}
${ku}
      let zero = vec4<f32>(0.0);
      let best = max(max(a0, a1), max(a2, a3));
      let passed = select(zero, gradient[window * uniforms.quads + quad], best > zero);
      // The first of equal maxima gets the gradient.
      let is0 = a0 == best;
      let is1 = (a1 == best) & !is0;
      let is2 = (a2 == best) & !(is0 | is1);
      let is3 = !(is0 | is1 | is2);
${ee(4,u=>`let g${u} = select(zero, passed, is${u});`)}
${ee(se,u=>`sum${u} += ${[0,1,2,3].map(l=>`g${l} * (p${Iu(l,u)} - m${u})`).join(" + ")};`)}
      sum${se} += passed;
    }
  }
${ee(It,u=>`sums[${u*Ct} + thread] = sum${u};`)}
  workgroupBarrier();
  // The threads share the sums' columns: quad by quad, sum by sum.
  for (var column = thread; column < ${Ae*It}; column += ${Ct}) {
    let lane = column % ${Ae};
    let kind = column / ${Ae};
    let to = (workgroupIndex() % tiles) * ${Ae} + lane;
    if (to < uniforms.quads) {
      var sum = vec4<f32>(0.0);
      for (var i = lane; i < ${Ct}; i += ${Ae}) {
        sum += sums[kind * ${Ct} + i];
      }
      result[(share * ${It} + kind) * uniforms.quads + to] = sum;
    }
  }
}`}}}),gI=oe({name:"MelstreamFirstBlockGradient",inputs:["sums","moments","parameters"],plan:e=>({variant:"",outputComponents:1,inputComponents:[1,1,1],workgroups:Math.ceil(e.shape.channels/Zr),workgroupSize:Zr,integers:{channels:e.shape.channels,filterOffset:e.filterOffset,gammaOffset:e.gammaOffset,betaOffset:e.betaOffset,varianceOffset:e.varianceOffset},floats:{share:1/xe(e.shape)},source:()=>`
${yu}
fn main(channel : i32) {
  if (channel >= uniforms.channels) { return; }
  let inverse = inverseSqrt(result[uniforms.varianceOffset + channel] + ${pr});
  var byGamma = 0.0;
  for (var t = 0; t < ${se}; t++) {
    let at = t * uniforms.channels + channel;
    byGamma += parameters[uniforms.filterOffset + at] * sums[at];
  }
  byGamma *= inverse;
  let scale = parameters[uniforms.gammaOffset + channel] * inverse;
  for (var t = 0; t < ${se}; t++) {
    var row = 0.0;
    for (var u = 0; u < ${se}; u++) {
      row += covarianceOf(t, u) * parameters[uniforms.filterOffset + u * uniforms.channels + channel];
    }
    let at = t * uniforms.channels + channel;
    result[uniforms.filterOffset + at] = scale * (sums[at] - byGamma * inverse * row);
  }
  result[uniforms.gammaOffset + channel] = byGamma;
  result[uniforms.betaOffset + channel] = sums[${se} * uniforms.channels + channel];
}`})});function wI(e,t,r,s,n,o){const i=mI([e,t,o,r,s],n),a=Jr([i],{rows:i.shape[0],columns:It*n.shape.channels,offset:0});gI([a,r,t],n,o),i.dispose(),a.dispose()}var Ht=64,vI=1024,xI=(e,t)=>se+e*se-e*(e-1)/2+(t-e),yI=oe({name:"MelstreamFirstBlockMoments",inputs:["input"],plan({shape:e,inputScale:t,inputOffset:r,pivot:s}){const n=xe(e),{share:o,shares:i}=vu(n,vI);return{variant:"",outputShape:[i,Yr],outputComponents:1,inputComponents:[1],workgroups:i,workgroupSize:Ht,integers:{pixels:n,share:o,height:e.height,width:e.width},floats:{inputScale:t,inputOffset:r,pivot:s},source:()=>`
${xu}
var<workgroup> sums : array<f32, ${Ht*Qr}>;

fn main(index : i32) {
  let thread = i32(localIndex);
  let end = min((workgroupIndex() + 1) * uniforms.share, uniforms.pixels);
${ee(Qr,a=>`var sum${a} = 0.0;`)}
  for (var pixel = workgroupIndex() * uniforms.share + thread; pixel < end;
       pixel += ${Ht}) {
    let row = pixel / uniforms.width;
    let x = pixel - row * uniforms.width;
    let image = row / uniforms.height;
    let y = row - image * uniforms.height;
${ee(se,a=>`let p${a} = inputAt(image, y + ${Math.floor(a/3)-1}, x + ${a%3-1}) - uniforms.pivot; sum${a} += p${a};`)}
${ee(se,a=>ee(se-a,u=>`sum${xI(a,a+u)} += p${a} * p${a+u};`))}
  }
${ee(Qr,a=>`sums[${a*Ht} + thread] = sum${a};`)}
  workgroupBarrier();
  if (thread < ${Yr}) {
    var sum = 0.0;
    if (thread < ${Qr}) {
      for (var i = 0; i < ${Ht}; i++) { sum += sums[thread * ${Ht} + i]; }
    }
    result[workgroupIndex() * ${Yr} + thread] = sum;
  }
}`}}}),bI=oe({name:"MelstreamFirstBlockStatistics",inputs:["moments","parameters"],plan:({shape:e,filterOffset:t,meanOffset:r,varianceOffset:s,pivot:n})=>({variant:"",outputComponents:1,inputComponents:[1,1],workgroups:Math.ceil(e.channels/Zr),workgroupSize:Zr,integers:{channels:e.channels,filterOffset:t,meanOffset:r,varianceOffset:s},floats:{share:1/xe(e),pivot:n},source:()=>`
${yu}
fn main(channel : i32) {
  if (channel >= uniforms.channels) { return; }
  var mean = 0.0;
  var variance = 0.0;
  for (var t = 0; t < ${se}; t++) {
    let w = parameters[uniforms.filterOffset + t * uniforms.channels + channel];
    var row = 0.0;
    for (var u = 0; u < ${se}; u++) {
      row += covarianceOf(t, u) * parameters[uniforms.filterOffset + u * uniforms.channels + channel];
    }
    mean += w * (uniforms.pivot + distanceOf(t));
    variance += w * row;
  }
  result[uniforms.meanOffset + channel] = mean;
  result[uniforms.varianceOffset + channel] = max(variance, 0.0);
}`})});function SI(e,t,r,s){const n=yI([e],r),o=Jr([n],{rows:n.shape[0],columns:Yr,offset:0});return n.dispose(),bI([o,t],r,s),o}var es=128,cn=`
struct Norm { mean : vec4<f32>, inverse : vec4<f32>, gamma : vec4<f32>, beta : vec4<f32> }

fn normOf(quad : i32) -> Norm {
  return Norm(
    statistics[uniforms.meanQuad + quad],
    inverseSqrt(statistics[uniforms.varianceQuad + quad] + ${pr}),
    parameters[uniforms.gammaQuad + quad],
    parameters[uniforms.betaQuad + quad],
  );
}

// The largest activation of a window before ReLU, the normalised value behind it, and its place.
struct Best { activation : vec4<f32>, normed : vec4<f32>, place : vec4<i32> }

fn bestOf(norm : Norm, line : i32, x : i32, quad : i32) -> Best {
  let first = (line * uniforms.width + x) * uniforms.quads + quad;
  var best = Best(vec4<f32>(-3.4e38), vec4<f32>(0.0), vec4<i32>(0));
${ee(4,e=>`{
    let value = values[first + (${e>>1} * uniforms.width + ${e%2}) * uniforms.quads];
    let normed = (value - norm.mean) * norm.inverse;
    let activation = normed * norm.gamma + norm.beta;
    let better = activation > best.activation;
    best.activation = select(best.activation, activation, better);
    best.normed = select(best.normed, normed, better);
    best.place = select(best.place, vec4<i32>(${e}), better);
  }`)}
  return best;
}`,dn=e=>({gammaQuad:e.gammaOffset/4,betaQuad:e.betaOffset/4,meanQuad:e.meanOffset/4,varianceQuad:e.varianceOffset/4}),Au=oe({name:"MelstreamNormReluPool",inputs:["values","parameters","statistics"],plan(e){const{shape:t}=e,r=xt(t),s=xe(r)*t.channels/4;return{variant:"",outputShape:hr(r),outputComponents:4,inputComponents:[4,4,4],workgroups:Math.ceil(s/es),workgroupSize:es,integers:{elements:s,height:t.height,width:t.width,rows:r.height,columns:r.width,quads:t.channels/4,...dn(e)},source:()=>`
${cn}
fn main(index : i32) {
  if (index >= uniforms.elements) { return; }
  let window = index / uniforms.quads;
  let quad = index - window * uniforms.quads;
  let row = window / uniforms.columns;
  let x = (window - row * uniforms.columns) * 2;
  let image = row / uniforms.rows;
  let line = image * uniforms.height + (row - image * uniforms.rows) * 2;
  let best = bestOf(normOf(quad), line, x, quad);
  result[index] = max(best.activation, vec4<f32>(0.0));
}`}}}),CI=oe({name:"MelstreamNormReluPoolGradientSums",inputs:["values","parameters","statistics","gradient"],plan(e){const{shape:t}=e,r=xt(t),s=xe(r),n=t.channels/4,{pixelsOfShare:o,shares:i}=un(s);return{variant:"",outputShape:[i,2,t.channels],outputComponents:4,inputComponents:[4,4,4,4],workgroups:i*Math.ceil(n/Z),workgroupSize:Z*Ge,integers:{windows:s,windowsOfShare:o,height:t.height,width:t.width,rows:r.height,columns:r.width,quads:n,...dn(e)},source:()=>`
${ln}
${cn}
fn main(index : i32) {
  let thread = i32(localIndex);
  let tiles = (uniforms.quads + ${Z-1}) / ${Z};
  let share = workgroupIndex() / tiles;
  let quad = (workgroupIndex() % tiles) * ${Z} + thread % ${Z};
  let inside = quad < uniforms.quads;
  var sum = Pair(vec4<f32>(0.0), vec4<f32>(0.0));
  if (inside) {
    let norm = normOf(quad);
    let end = min((share + 1) * uniforms.windowsOfShare, uniforms.windows);
    for (var window = share * uniforms.windowsOfShare + thread / ${Z}; window < end;
         window += ${Ge}) {
      let row = window / uniforms.columns;
      let x = (window - row * uniforms.columns) * 2;
      let image = row / uniforms.rows;
      let line = image * uniforms.height + (row - image * uniforms.rows) * 2;
      let best = bestOf(norm, line, x, quad);
      let passed = select(
        vec4<f32>(0.0),
        gradient[window * uniforms.quads + quad],
        best.activation > vec4<f32>(0.0),
      );
      sum.first += passed * best.normed;
      sum.second += passed;
    }
  }
  sum = addColumns(sum);
  if (inside && thread < ${Z}) {
    result[(share * 2) * uniforms.quads + quad] = sum.first;
    result[(share * 2 + 1) * uniforms.quads + quad] = sum.second;
  }
}`}}}),II=oe({name:"MelstreamNormReluPoolGradient",inputs:["values","parameters","statistics","gradient"],plan(e){const{shape:t}=e,r=xt(t),s=Math.ceil(t.height/2),n=Math.ceil(t.width/2),o=t.batch*s*n*t.channels/4;return{variant:"",outputShape:hr(t),outputComponents:4,inputComponents:[4,4,4,4],workgroups:Math.ceil(o/es),workgroupSize:es,integers:{elements:o,blockRows:s,blockColumns:n,height:t.height,width:t.width,rows:r.height,columns:r.width,quads:t.channels/4,...dn(e)},floats:{share:1/xe(t)},source:()=>`
${cn}
fn main(index : i32) {
  if (index >= uniforms.elements) { return; }
  let block = index / uniforms.quads;
  let quad = index - block * uniforms.quads;
  let blockRow = block / uniforms.blockColumns;
  let column = block - blockRow * uniforms.blockColumns;
  let image = blockRow / uniforms.blockRows;
  let row = blockRow - image * uniforms.blockRows;
  let line = image * uniforms.height + row * 2;
  let norm = normOf(quad);
  var passed = vec4<f32>(0.0);
  var place = vec4<i32>(-1);
  if (row < uniforms.rows && column < uniforms.columns) {
    let best = bestOf(norm, line, column * 2, quad);
    let window = ((image * uniforms.rows + row) * uniforms.columns + column) * uniforms.quads + quad;
    passed = select(vec4<f32>(0.0), gradient[window], best.activation > vec4<f32>(0.0));
    place = best.place;
  }
  let scale = norm.gamma * norm.inverse;
  let meanProduct = statistics[uniforms.gammaQuad + quad] * uniforms.share;
  let meanPassed = statistics[uniforms.betaQuad + quad] * uniforms.share;
  for (var k = 0; k < 4; k++) {
    if (row * 2 + k / 2 < uniforms.height && column * 2 + k % 2 < uniforms.width) {
      let at = ((line + k / 2) * uniforms.width + column * 2 + k % 2) * uniforms.quads + quad;
      let normed = (values[at] - norm.mean) * norm.inverse;
      let here = select(vec4<f32>(0.0), passed, place == vec4<i32>(k));
      result[at] = scale * (here - meanPassed - normed * meanProduct);
    }
  }
}`}}});function kI(e,t,r,s,n){const{shape:o,gammaOffset:i,betaOffset:a}=s;if(a!==i+o.channels)throw new RangeError(`Cannot sum the gradients of gamma and beta as beta must follow gamma in the buffer: current offsets are ${i} and ${a}`);const u=[e,t,n,r],l=CI(u,s);return Jr([l],{rows:l.shape[0],columns:2*o.channels,offset:i},n),l.dispose(),II(u,s)}var Eu=64,$I=oe({name:"MelstreamRotateFilter",inputs:["filters"],plan:({inputs:e,outputs:t,filterOffset:r})=>({variant:"",outputShape:[3,3,t,e],outputComponents:1,inputComponents:[1],workgroups:Math.ceil(9*e*t/Eu),workgroupSize:Eu,integers:{inputs:e,outputs:t,filterOffset:r},source:()=>`
fn main(index : i32) {
  if (index >= 9 * uniforms.inputs * uniforms.outputs) { return; }
  let row = index / uniforms.inputs;
  let channel = index - row * uniforms.inputs;
  let tap = row / uniforms.outputs;
  let output = row - tap * uniforms.outputs;
  result[index] = filters[uniforms.filterOffset +
    ((8 - tap) * uniforms.inputs + channel) * uniforms.outputs + output];
}`})});function Du(e,t,r,s){const n=d=>t.slot(d).offset,{inputScale:o,inputOffset:i,globalPooling:a,hidden:u,logits:l,activation:h}=e,c=e.blocks.map(({height:d,width:p,weights:f})=>{const[g,m]=t.slot(f.kernel).paddedShape.slice(2);return{shape:{batch:r,height:d,width:p,channels:m},inputs:g,filterOffset:n(f.kernel),gammaOffset:n(f.gamma),betaOffset:n(f.beta),meanOffset:n(f.movingMean),varianceOffset:n(f.movingVariance)}});return{first:{...c[0],inputScale:o,inputOffset:i,pivot:s},blocks:c.slice(1),classifier:{input:xt(c[c.length-1].shape),globalPooling:a,units:u.units,classes:l.units,activation:h,offsets:{denseKernel:n(u.kernel),denseBias:n(u.bias),logitsKernel:n(l.kernel),logitsBias:n(l.bias)}}}}var Nu=e=>({...e.shape,channels:e.inputs});function Tu(e,t,r,s){return mu([e,t],{input:Nu(r),outputs:r.shape.channels,filterOffset:r.filterOffset,precision:s})}function RI(e,t,r,s,n,o){const{inputs:i,filterOffset:a}=s,u=s.shape.channels,l=hI([e,t],{input:Nu(s),outputs:u,precision:o});Jr([l],{rows:l.shape[0],columns:9*i*u,offset:a},n),l.dispose();const h=$I([r],{inputs:i,outputs:u,filterOffset:a}),c=mu([t,h],{input:s.shape,outputs:i,filterOffset:0,precision:o,scale:pu(s.shape)});return h.dispose(),c}function PI(e,t,r,s,n,o,i,a,u="float32"){Dt().tidy(()=>{const{parameters:l,updates:h,roles:c,learningRateFactors:d,metrics:p}=r,{first:f,blocks:g,classifier:m}=Du(e,t,s.shape[0],o),{frozenBlocks:w}=e,y=F=>F<w?l:h,x=w===0?SI(s,l,f,h):void 0,S=[Pu([s,l,y(0)],f)],C=g.map((F,V)=>{const K=Tu(S[V],l,F,u);return V+1>=w&&sI(K,F,h),S.push(Au([K,l,y(V+1)],F)),K}),{dropoutRate:R}=e,{dropoutSeed:E}=a,M=MC([S[g.length],l,n],{...m,dropoutRate:R,dropoutSeed:E});BC([M],m,h);let z=_C([M],m);for(let F=g.length-1;F+1>=w&&F>=0;F--){const V=z,K=C[F],Q=kI(K,l,V,g[F],h);for(const ne of[V,K,S[F+1]])ne.dispose();z=RI(S[F],Q,l,g[F],h,u),Q.dispose()}x&&wI(s,l,x,z,f,h);const{learningRate:W,weightDecay:$,clipNorm:k}=a,{size:v}=t,A=XC(l,h,c,d,{size:v,step:i,learningRate:W,weightDecay:$,clipNorm:k});QC([M,A],m,p)})}function AI(e,t,{parameters:r},s){const{first:n,blocks:o,classifier:i}=Du(e,t,s.shape[0],0);return{rows:Dt().tidy(()=>{let u=Pu([s,r,r],n);for(const l of o){const h=Tu(u,r,l,"float32");u.dispose(),u=Au([h,r,r],l),h.dispose()}return zC([u,r],i)}),classifier:i}}var EI=8,DI=32,NI=1024;function TI({blocks:e,melBands:t,numFrames:r}){const s=e.map((n,o)=>St(n.outputs)*(o===0?n.pooledHeight*n.pooledWidth:n.height*n.width));return 4*Math.max(t*r,...s)}var FI=class{network;chain;gpu;precision;name;device;#e;#t;#c;#d;#n;#s;#o;#i;#a;#u;constructor(e,t,r,s,n){if(this.network=e,this.chain=t,this.gpu=r,this.precision=n,this.name="webgpu",this.#s=[],this.#o=0,this.#i=0,this.#a=0,this.#u=!1,n==="float16"&&!r.device.features.has(Kr))throw new Error(`Cannot train in float16 as the GPU must have ${Kr}: ${r.description} has not`);this.device=n==="float16"?`${r.description}, float16`:r.description;const o=this.#e=HC(t),{maxStorageBufferBindingSize:i}=r.device.limits;if(12*o.size>i)throw new RangeError(`Cannot run this network as its weights and their moments must take at most ${i} bytes, a buffer of ${r.description}: they take ${12*o.size}`);const a=new Float32Array(3*o.size);a.set(o.pack(s)),this.#t={parameters:Et(a,[3,o.size]),updates:Et(new Float32Array(o.size)),roles:Et(o.roles()),learningRateFactors:Et(o.learningRateFactors()),metrics:Et(new Float32Array(cu))},this.#c=new ru(r.device),this.#d=new ru(r.device),this.#n=Math.floor(i/TI(t))}async step(e,t,r){this.#r();const s=wi(this.network,e,t);for(this.#f(s);this.#s.length>=EI;)await this.#s.shift();this.#r();const n=this.#m(e,s),o=this.#d.upload(t,[s,this.chain.logits.units]),i=this.#w(e),a=++this.#o;PI(this.chain,this.#e,this.#t,n,o,i,a,r,this.precision),n.dispose(),o.dispose(),this.#v(),this.#i++,this.#a+=s,this.#s.push(this.gpu.device.queue.onSubmittedWorkDone()),await this.gpu.health.settle(),this.gpu.health.throwIfFailed()}async takeMetrics(){this.#r();const e={steps:this.#i,examples:this.#a};this.#i=this.#a=0;const t=this.#l(this.#t.metrics);this.#h(this.#t.metrics,new Float32Array(cu));const r=this.#s.splice(0),[s,n,o]=await t;return await Promise.all(r),{...e,lossSum:s,correct:n,maxGradientNorm:o}}async predict(e){this.#r();const t=wi(this.network,e),r=this.chain.logits.units,s=e.length/t,n=Math.min(DI,this.#n);this.#f(1);const o=new Float32Array(t*r);for(let i=0;i<t;){const a=2**Math.floor(Math.log2(Math.min(n,t-i))),u=this.#m(e.subarray(i*s,(i+a)*s),a),{rows:l,classifier:h}=AI(this.chain,this.#e,this.#t,u);u.dispose();const c=await this.#l(l);l.dispose();const{size:d,probabilities:p}=Vt(h);for(let f=0;f<a;f++){const g=c.subarray(f*d+p,f*d+p+r);o.set(g,(i+f)*r)}i+=a}return o}async exportWeights(){return this.#r(),this.#e.unpack(await this.#l(this.#t.parameters))}importWeights(e){return this.#p(()=>this.#h(this.#t.parameters,this.#e.pack(e)))}async exportOptimizer(){this.#r();const e=this.#o,{size:t}=this.#e,r=await this.#l(this.#t.parameters);return{steps:e,firstMoments:this.#e.unpack(r.subarray(t,2*t),"trained"),secondMoments:this.#e.unpack(r.subarray(2*t),"trained")}}importOptimizer(e){return this.#p(()=>{const{size:t}=this.#e,r=new Float32Array(2*t);r.set(this.#e.pack(e.firstMoments,"trained")),r.set(this.#e.pack(e.secondMoments,"trained"),t),this.#h(this.#t.parameters,r,t),this.#o=e.steps})}async dispose(){if(!this.#u){this.#u=!0,await Promise.allSettled(this.#s);for(const e of Object.values(this.#t))e.dispose();this.#c.dispose(),this.#d.dispose(),await this.gpu.close()}}#r(){if(this.#u)throw new Error("Cannot use this engine as it has been disposed of");this.gpu.health.throwIfFailed()}async#p(e){this.#r(),e()}#f(e){if(e>this.#n)throw new RangeError(`Cannot run this batch as it must have at most ${this.#n} examples for the buffers of ${this.device}: current value is ${e}`)}#m(e,t){return this.#c.upload(e,[t,this.network.melBands,this.network.numFrames])}#w(e){const t=Math.max(1,Math.floor(e.length/NI));let r=0,s=0;for(let n=0;n<e.length;n+=t,s++)r+=e[n];return r/s*this.chain.inputScale+this.chain.inputOffset}#v(){const{backend:e}=this.gpu;e.ensureCommandEncoderReady(),e.endComputePassEncoder(),e.submitQueue()}#g(e){const{backend:t}=this.gpu;return t.uploadToGPU(e.dataId),t.tensorMap.get(e.dataId).resource}async#l(e){try{return new Float32Array(await this.gpu.backend.getBufferData(this.#g(e)))}finally{await this.gpu.health.settle(),this.gpu.health.throwIfFailed()}}#h(e,t,r=0){this.gpu.device.queue.writeBuffer(this.#g(e),4*r,t)}};async function MI(e,t={}){const r=qm(YC(e),"WebGPU"),{allowSoftware:s,precision:n="float32"}=t,o=t.weights??Zm(e,0),i=await RC({allowSoftware:s});try{return new FI(e,r,i,o,n)}catch(a){throw await i.close(),a}}var zI={createWebGpuEngine:MI};Object.assign(globalThis,{melstreamGpu:zI});})();
/**
 * @license
 * Copyright 2020 Google LLC. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2017 Google LLC. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2018 Google LLC. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2019 Google LLC. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2023 Google LLC.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2021 Google LLC. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2020 Google Inc. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2022 Google LLC.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2022 Google LLC. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2022 Google Inc. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2020 Google LLC. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the License);
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an AS IS BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2023 Google LLC.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use backend file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2021 Google LLC. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the License);
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an AS IS BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
/**
 * @license
 * Copyright 2020 Google LLC. All Rights Reserved.
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use backend file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 * =============================================================================
 */
