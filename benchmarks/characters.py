"""Make `src/govtext/data/characters.tsv` from jieba's dictionary: how far a character prefers a role to being alone.

Each number is 100 times the natural log-odds: ln P(character | role) - ln P(character stands alone). Roles: surname and
given name (entries tagged nr that begin with a surname), foreign (transliterated names, tagged nrt), initial and final
(first and last character of any longer word, weighted by its frequency). Only characters of the dictionary are listed;
surname is 0 for all that are none.

usage: python benchmarks/characters.py > src/govtext/data/characters.tsv
"""

import math
import re
from collections import Counter
from pathlib import Path

import jieba

# The surnames of the Hundred Family Surnames and other common ones, without those that are mostly function words.
SURNAMES = set(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉"
    "岑薛雷贺倪汤滕殷罗毕郝邬安常乐傅皮卞齐康伍余卜顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻"
    "贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪解宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠"
    "甄曲封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬郗班仰秋仲伊宫宁仇栾甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸"
    "籍赖卓蔺屠蒙池乔阴胥苍闻莘翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿扈燕冀郏浦尚温庄晏柴瞿阎慕连茹习宦艾鱼容易慎戈廖庾终暨居衡步耿满弘"
    "匡寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚简饶曾毋沙乜养鞠须丰巢关蒯相查荆红游竺逯盖益桓肖闫岳帅仝佘缑亢况郈琴归海丘时云文"
)
HAN = re.compile("[\u4e00-\u9fff]+")
ROLES = ("surname", "given", "foreign", "initial", "final")
SMOOTHING = {"surname": 0.5, "given": 0.2, "foreign": 0.2, "initial": 1, "final": 1}
TYPES = 6000  # characters in use, for the smoothing


def counts():
    found = {role: Counter() for role in ROLES}
    alone, total = Counter(), 0
    for line in Path(jieba.get_module_res("dict.txt").name).read_text(encoding="utf-8").splitlines():
        word, frequency, *tag = line.split()
        total += int(frequency)
        if not HAN.fullmatch(word):
            continue
        if len(word) == 1:
            alone[word] += int(frequency)
            continue
        found["initial"][word[0]] += int(frequency)
        found["final"][word[-1]] += int(frequency)
        if tag == ["nr"] and len(word) <= 3 and word[0] in SURNAMES:
            found["surname"][word[0]] += 1
            found["given"].update(word[1:])
        if tag == ["nrt"] and len(word) >= 3:
            found["foreign"].update(word)
    return found, alone, total


def main():
    found, alone, total = counts()
    sums = {role: counter.total() for role, counter in found.items()}
    print("# Log-odds x 100 of a character in a role against standing alone; made by benchmarks/characters.py from the")
    print("# frequencies and tags of jieba's dictionary (MIT).")
    print("\t".join(("character", *ROLES)))
    characters = sorted(set(alone).union(*found.values()))
    for character in characters:
        row = []
        by_itself = math.log((alone[character] + 1) / total)
        for role in ROLES:
            k = SMOOTHING[role]
            share = math.log((found[role][character] + k) / (sums[role] + k * TYPES))
            row.append(round(100 * (share - by_itself)))
            if role == "surname" and character not in SURNAMES:
                row[-1] = 0
            # A character that is no more frequent in transliterations than any other speaks for none.
            if role == "foreign" and share - math.log(1 / TYPES) <= 0.5:
                row[-1] = -900
        if max(row) > 0:
            print(character, *row, sep="\t")


if __name__ == "__main__":
    main()
